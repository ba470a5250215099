//! A hundred names of ten domains, and a thousand of a hundred.

macro_rules! names {
    ($hundred:ident, $thousand:ident: $($few:literal)*; $($more:literal)*) => {
        names!(@of $hundred: $($few)*);
        names!(@of $thousand: $($few)* $($more)*);
    };
    (@of $module:ident: $($domain:literal)*) => {
        pub mod $module {
            /// The names.
            pub const NAMES: &[&str] = &[$(
                concat!($domain, "/approved"),
                concat!($domain, "/archived"),
                concat!($domain, "/cancelled"),
                concat!($domain, "/created"),
                concat!($domain, "/deleted"),
                concat!($domain, "/expired"),
                concat!($domain, "/rejected"),
                concat!($domain, "/reminder-sent"),
                concat!($domain, "/status-changed"),
                concat!($domain, "/updated"),
            )*];

            /// What a `match` finds: the domain of a name.
            pub fn matched(name: &str) -> Option<&'static str> {
                match name {
                    $(
                        concat!($domain, "/approved")
                        | concat!($domain, "/archived")
                        | concat!($domain, "/cancelled")
                        | concat!($domain, "/created")
                        | concat!($domain, "/deleted")
                        | concat!($domain, "/expired")
                        | concat!($domain, "/rejected")
                        | concat!($domain, "/reminder-sent")
                        | concat!($domain, "/status-changed")
                        | concat!($domain, "/updated") => Some($domain),
                    )*
                    _ => None,
                }
            }
        }
    };
}

names! { hundred, thousand:
    "billing-account" "billing-address" "billing-agreement" "billing-budget" "billing-contract" "billing-document" "billing-invoice" "billing-order" "billing-payment" "billing-report";
    "customer-account" "customer-address" "customer-agreement" "customer-budget" "customer-contract" "customer-document" "customer-invoice" "customer-order" "customer-payment" "customer-report"
    "delivery-account" "delivery-address" "delivery-agreement" "delivery-budget" "delivery-contract" "delivery-document" "delivery-invoice" "delivery-order" "delivery-payment" "delivery-report"
    "partner-account" "partner-address" "partner-agreement" "partner-budget" "partner-contract" "partner-document" "partner-invoice" "partner-order" "partner-payment" "partner-report"
    "project-account" "project-address" "project-agreement" "project-budget" "project-contract" "project-document" "project-invoice" "project-order" "project-payment" "project-report"
    "reseller-account" "reseller-address" "reseller-agreement" "reseller-budget" "reseller-contract" "reseller-document" "reseller-invoice" "reseller-order" "reseller-payment" "reseller-report"
    "sales-account" "sales-address" "sales-agreement" "sales-budget" "sales-contract" "sales-document" "sales-invoice" "sales-order" "sales-payment" "sales-report"
    "shipping-account" "shipping-address" "shipping-agreement" "shipping-budget" "shipping-contract" "shipping-document" "shipping-invoice" "shipping-order" "shipping-payment" "shipping-report"
    "supplier-account" "supplier-address" "supplier-agreement" "supplier-budget" "supplier-contract" "supplier-document" "supplier-invoice" "supplier-order" "supplier-payment" "supplier-report"
    "tenant-account" "tenant-address" "tenant-agreement" "tenant-budget" "tenant-contract" "tenant-document" "tenant-invoice" "tenant-order" "tenant-payment" "tenant-report"
}
