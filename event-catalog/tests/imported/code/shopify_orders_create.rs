use event_runtime::prelude::*;

/// Events of another system: ShopifyOrdersCreate.
#[domain_events(foreign)]
pub enum ShopifyOrdersCreateEvent {
    /// From 1 sample(s).
    #[event(name = "shopify_orders_create", unhandled)]
    ShopifyOrdersCreate {
        admin_graphql_api_id: String,
        cancelled_at: serde_json::Value,
        confirmed: bool,
        contact_email: String,
        created_at: String,
        currency: String,
        current_subtotal_price: String,
        id: u64,
        line_items: Vec<ShopifyOrdersCreateShopifyOrdersCreateLineItemsItem>,
        note: serde_json::Value,
        number: u64,
        tags: String,
        test: bool,
        total_weight: u64,
    },
}

/// In `shopify_orders_create.line_items[]`.
#[payload]
pub struct ShopifyOrdersCreateShopifyOrdersCreateLineItemsItem {
    grams: u64,
    id: u64,
    name: String,
    price: String,
    quantity: u64,
    tax_lines: Vec<serde_json::Value>,
    taxable: bool,
}
