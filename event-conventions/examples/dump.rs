use event_conventions::*;
fn main() { for l in std::io::stdin().lines() { let l = l.unwrap(); if let Err(v) = check_action(&l) { println!("{l}\t{}", v.suggestion().unwrap_or("-".into())); } else { println!("{l}\tOK"); } } }
