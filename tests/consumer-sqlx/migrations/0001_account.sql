create table account (owner text primary key, cents integer not null);
