use uuid::Uuid;

use super::documents::{Compiled, Inputs, Target, Wanted};
use super::store::{self, Client};
use super::types::{AsOf, Environment};
use super::view::View;
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

/// Which document is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Of which client.
    pub client_id: Uuid,
    /// Of the app from which template; none for that of the client's only active customization.
    pub template_id: Option<String>,
    /// In which environment.
    pub environment: Environment,
    /// As of when; none for now.
    pub as_of: Option<AsOf>,
}

/// A document that was found, with everything that it is composed of.
pub(super) struct Found {
    pub(super) client: Client,
    pub(super) inputs: Inputs,
    pub(super) target: Target,
}

impl Asked {
    /// One in the words of a request; everything that can't be read is told at once.
    pub fn read(
        client_id: Uuid,
        template_id: Option<String>,
        environment: Option<&str>,
        as_of: Option<&str>,
    ) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let environment = environment.unwrap_or(Environment::Production.as_str()).parse().map_err(|said: String| {
            faults.push(Fault::at("environment", "enum", said).mend("name one of the three, or none for production"));
        });
        let as_of = as_of.map(str::parse).transpose().map_err(|said: String| {
            faults.push(Fault::at("as_of", "moment", said).mend("give a revision or a time, or none for now"));
        });
        match (environment, as_of) {
            (Ok(environment), Ok(as_of)) => Ok(Self { client_id, template_id, environment, as_of }),
            _ => Err(Problem::faults("there is no such document", faults)),
        }
    }

    /// Looks for the client under the caller's own policies, and then for its layers as a job.
    pub(super) async fn find(&self, tx: &Tx<'_>, compiled: &Compiled, view: View) -> Result<Found, Problem> {
        let client = client(tx, self.client_id).await?;
        if view == View::Client && self.as_of.is_some() {
            return Err(Problem::forbidden("former configuration isn't shown to a client's own login")
                .mend("leave as_of out, or ask the agency"));
        }
        let inputs = self.load(tx, compiled, &[client.id]).await?;
        let target = inputs.target(client.id, self.template_id.as_deref(), self.environment)?;
        Ok(Found { client, inputs, target })
    }

    /// Reads what all clients have in common, of the template where one is asked for: the document of a client who has
    /// nothing of their own yet. Whether the caller may know of the template was looked at before.
    pub(super) async fn find_shared(&self, tx: &Tx<'_>, compiled: &Compiled) -> Result<Found, Problem> {
        let client = Client { id: self.client_id, name: "Every client".to_owned() };
        let inputs = self.load(tx, compiled, &[]).await?.with_newcomer(client.id);
        let target = inputs.target(client.id, self.template_id.as_deref(), self.environment)?;
        Ok(Found { client, inputs, target })
    }

    async fn load(&self, tx: &Tx<'_>, compiled: &Compiled, clients: &[Uuid]) -> Result<Inputs, Problem> {
        let templates = self.template_id.as_deref();
        let wanted = Wanted::clients(clients).asked(templates.as_slice());
        tx.as_worker(async {
            match self.as_of {
                Some(at) => Inputs::load_as_of(tx, compiled, wanted, at).await,
                None => Ok::<_, Problem>(Inputs::load(tx, compiled, wanted).await?),
            }
        })
        .await
    }
}

/// A client that the caller may see.
pub(super) async fn client(tx: &Tx<'_>, id: Uuid) -> Result<Client, Problem> {
    let found = store::client(tx, id).await?;
    found.ok_or_else(|| Problem::absent(format!("there is no client {id}")).mend("name one that you may see by its id"))
}
