use axum::Router;
use axum::extract::State;
use axum::routing::get;
use maud::html;

use super::figures::{CLIENTS_BY_STATUS, CLIENTS_BY_TIER, DEPLOYMENTS_BY_HEALTH, DEPLOYMENTS_BY_STATUS, SUBSCRIPTIONS};
use super::{attention, figures, lately};
use crate::console::{AGENCY, Console, Nav, Page, Visitor};
use crate::db::policies::rules::Role;
use crate::problem::Problem;

/// The first page.
pub fn routes<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
    Router::new().route("/", get(show)).with_state(console)
}

async fn show(State(console): State<Console>, visitor: Visitor) -> Result<Page, Problem> {
    let today = visitor.screen.now.to_zoned(visitor.zone.clone()).date();
    let (role, is_of_agency) = (visitor.person.role, visitor.is(AGENCY));
    let tx = visitor.snapshot(&console).await?;
    let changes = async { if is_of_agency { lately::changes(&tx).await } else { Ok(Vec::new()) } };
    let looked_at = async { if is_of_agency { attention::looked_at(&tx).await } else { Ok(None) } };
    let (matters, looked_at, changes, events, [clients, tiers], [deployments, health], subscriptions) = tokio::try_join!(
        attention::find(&tx, role, today),
        looked_at,
        changes,
        lately::events(&tx),
        figures::clients(&tx),
        figures::deployments(&tx),
        figures::subscriptions(&tx),
    )?;
    let body = html! {
        div.dashboard {
            (attention::shown(&matters, &visitor, looked_at))
            div.cards {
                (CLIENTS_BY_STATUS.card(&clients))
                (CLIENTS_BY_TIER.card(&tiers))
                (DEPLOYMENTS_BY_STATUS.card(&deployments))
                (DEPLOYMENTS_BY_HEALTH.card(&health))
                // Staff aren't shown accounts, of which they would be told that there are none.
                @if role != Role::Staff { (SUBSCRIPTIONS.card(&subscriptions)) }
            }
            div.cards {
                @if is_of_agency { (lately::of_changes(&changes, &visitor)) }
                (lately::of_events(&events, &visitor))
            }
        }
    };
    Ok(Page::new(&visitor, "Dashboard").under(Nav::Dashboard).body(body))
}
