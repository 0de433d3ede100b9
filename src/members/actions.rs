use uuid::Uuid;

use super::store::{self, Client, Membership, Person};
use super::types::{EmailAddress, MemberRole, Role};
use crate::auth::links::{self, For, Link};
use crate::auth::passwords::{Password, password_hash};
use crate::db::tx::Tx;
use crate::{Error, Result};

/// Everybody, by address.
pub async fn list(tx: &Tx<'_>) -> Result<Vec<Person>> {
    store::people(tx).await
}

/// The person with an address.
pub async fn find(tx: &Tx<'_>, email: &str) -> Result<Person> {
    one(store::find(tx, email).await?, email)
}

/// Adds a person; somebody of the site's who has no role yet gets one, and keeps their id.
pub async fn create(tx: &Tx<'_>, email: &EmailAddress, role: Role, password: &Password) -> Result<Uuid> {
    let user_id = match store::find(tx, email.as_str()).await?.as_slice() {
        [] => store::add_user(tx, email, role).await?,
        [known] if known.role.is_none() => known.user_id,
        [known, ..] => {
            return Err(Error::failure(format!("there is a person {} already", known.email)).mend(format!(
                "give them another role with `tenantry user role {0} {role}`, or a password with `tenantry user password {0}`",
                known.email
            )));
        }
    };
    store::set_role(tx, user_id, role).await?;
    store::copy_role(tx, user_id).await?;
    store::set_password(tx, user_id, &password_hash(password.reveal())?).await?;
    Ok(user_id)
}

/// Gives a person another role; their sessions go on, but what carries the old role is refused from now on.
pub async fn set_role(tx: &Tx<'_>, email: &str, role: Role) -> Result<Person> {
    let person = find(tx, email).await?;
    store::set_role(tx, person.user_id, role).await?;
    store::copy_role(tx, person.user_id).await?;
    Ok(Person { role: Some(role.to_string()), ..person })
}

/// Shuts a person out at once: their sessions end.
pub async fn disable(tx: &Tx<'_>, email: &str) -> Result<Person> {
    let person = with_role(find(tx, email).await?)?;
    store::set_disabled(tx, person.user_id, true).await?;
    store::end_sessions(tx, person.user_id).await?;
    find(tx, email).await
}

/// Lets a person in again.
pub async fn enable(tx: &Tx<'_>, email: &str) -> Result<Person> {
    let person = with_role(find(tx, email).await?)?;
    store::set_disabled(tx, person.user_id, false).await?;
    find(tx, email).await
}

/// Gives a person another password; their sessions end, since somebody else may know the old one.
pub async fn set_password(tx: &Tx<'_>, email: &str, password: &Password) -> Result<Person> {
    let person = with_role(find(tx, email).await?)?;
    store::set_password(tx, person.user_id, &password_hash(password.reveal())?).await?;
    store::end_sessions(tx, person.user_id).await?;
    Ok(person)
}

/// Makes a link by which a person chooses another password; those made before count no more.
pub async fn reset_link(tx: &Tx<'_>, email: &str) -> Result<Link> {
    let person = with_role(find(tx, email).await?)?;
    link_for(tx, person.user_id).await
}

/// The same for somebody who is known by their id.
pub async fn link_for(tx: &Tx<'_>, user_id: Uuid) -> Result<Link> {
    links::make(tx, For::Password(user_id)).await
}

/// Gives a person another role, known by their id.
pub async fn give_role(tx: &Tx<'_>, user_id: Uuid, role: Role) -> Result<()> {
    store::set_role(tx, user_id, role).await?;
    store::copy_role(tx, user_id).await
}

/// Makes a person a member of a client, or changes as what.
pub async fn add_member(tx: &Tx<'_>, client: &str, email: &str, member_role: MemberRole) -> Result<Membership> {
    let (client, person) = (the_client(tx, client).await?, with_role(find(tx, email).await?)?);
    let role: Role = person.role.as_deref().unwrap_or_default().parse().map_err(Error::failure)?;
    if !member_role.fits(role) {
        return Err(Error::failure(format!(
            "{}, whose role is {role}, can't be a member as {member_role}",
            person.email
        ))
        .mend("`client` is for people whose role is client, and for them alone; staff and manager for all others"));
    }
    store::set_membership(tx, client.id, person.user_id, member_role).await?;
    Ok(Membership { client_id: client.id, client_name: client.name, email: person.email, member_role })
}

/// Ends a person's membership of a client.
pub async fn remove_member(tx: &Tx<'_>, client: &str, email: &str, member_role: MemberRole) -> Result<Membership> {
    let (client, person) = (the_client(tx, client).await?, find(tx, email).await?);
    match store::member_role(tx, client.id, person.user_id).await? {
        Some(held) if held == member_role.as_str() => store::remove_membership(tx, client.id, person.user_id).await?,
        Some(held) => {
            return Err(Error::failure(format!(
                "{} is a member of {:?} as {held}, not as {member_role}",
                person.email, client.name
            ))
            .mend(format!("name the membership that there is: --role {held}")));
        }
        None => {
            return Err(Error::failure(format!("{} is no member of {:?}", person.email, client.name))
                .mend("see who is with `tenantry psql --command 'TABLE client_members'`"));
        }
    }
    Ok(Membership { client_id: client.id, client_name: client.name, email: person.email, member_role })
}

/// The client that an id, an e-mail or a name means.
pub async fn the_client(tx: &Tx<'_>, named: &str) -> Result<Client> {
    let mut found = store::clients(tx, named).await?;
    if found.len() > 1 && found[0].id.to_string() != named.to_lowercase() {
        let names: Vec<String> = found.iter().map(|client| format!("{} ({})", client.id, client.name)).collect();
        return Err(
            Error::failure(format!("{named:?} means several clients: {}", names.join(", "))).mend("name one by its id")
        );
    }
    if found.is_empty() {
        return Err(Error::failure(format!("there is no client {named:?}"))
            .mend("name one by id, e-mail or name; `tenantry psql --command 'SELECT id, name FROM clients_enhanced'` lists them"));
    }
    Ok(found.remove(0))
}

fn one(mut found: Vec<Person>, email: &str) -> Result<Person> {
    match found.len() {
        0 => Err(Error::failure(format!("there is no person {email:?}"))
            .mend("see who there is with `tenantry user list`, or add them with `tenantry user create`")),
        1 => Ok(found.remove(0)),
        count => Err(Error::failure(format!("{count} rows of auth.users have the address {email:?}"))
            .mend("leave one of them: an address is one mailbox, whatever its case")),
    }
}

fn with_role(person: Person) -> Result<Person> {
    if person.role.is_some() {
        return Ok(person);
    }
    Err(Error::failure(format!("{} has no role in Tenantry yet", person.email))
        .mend(format!("give them one with `tenantry user role {} ROLE`", person.email)))
}
