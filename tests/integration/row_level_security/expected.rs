//! What must come out, typed by hand: rows of every table against the roles that ask.
//!
//! `S I U D` are the commands that reach the row; `–` none. The rows: `own` is of the client that the person belongs to
//! (a manager manages it), `joined` of one that a manager has joined as staff only, `other` of a client of somebody
//! else's. The rest are named by what they are.

const TABLE: &str = "
table                      | row       | client | staff | manager | admin   | service | super_admin | worker
clients_enhanced           | own       | S      | S     | S U     | S I U   | S I U   | S I U       | S I U
                           | joined    | –      | S     | S       | S I U   | S I U   | S I U       | S I U
                           | other     | –      | –     | –       | S I U   | S I U   | S I U       | S I U
client_members             | own       | S      | S     | S       | S I U D | S       | S I U D     | S I U D
                           | colleague | –      | –     | S       | S I U D | S       | S I U D     | S I U D
                           | other     | –      | –     | –       | S I U D | S       | S I U D     | S I U D
client_customizations      | own       | S      | S     | S I U   | S I U D | S I U D | S I U D     | S I U D
                           | joined    | –      | S     | S       | S I U D | S I U D | S I U D     | S I U D
                           | other     | –      | –     | –       | S I U D | S I U D | S I U D     | S I U D
client_deployments         | own       | S      | S     | S I U   | S I U D | S I U D | S I U D     | S I U D
                           | joined    | –      | S     | S       | S I U D | S I U D | S I U D     | S I U D
                           | other     | –      | –     | –       | S I U D | S I U D | S I U D     | S I U D
deployment_configurations  | own       | S      | S     | S I U   | S I U D | S I U D | S I U D     | S I U D
                           | joined    | –      | S     | S       | S I U D | S I U D | S I U D     | S I U D
                           | other     | –      | –     | –       | S I U D | S I U D | S I U D     | S I U D
deployment_tracking_events | own       | S      | S     | S I     | S I     | S I     | S I         | S I
                           | joined    | –      | S     | S       | S I     | S I     | S I         | S I
                           | other     | –      | –     | –       | S I     | S I     | S I         | S I
client_analytics           | own       | S      | S     | S       | S I U   | S I U   | S I U       | S I U
                           | joined    | –      | S     | S       | S I U   | S I U   | S I U       | S I U
                           | other     | –      | –     | –       | S I U   | S I U   | S I U       | S I U
client_billing_info        | own       | S      | –     | S       | S I U   | S I U   | S I U       | S I U
                           | joined    | –      | –     | –       | S I U   | S I U   | S I U       | S I U
                           | other     | –      | –     | –       | S I U   | S I U   | S I U       | S I U
system_configurations      | own       | S      | S     | S I U D | S I U D | S I U D | S I U D     | S I U D
                           | delegated | S U    | S     | S I U D | S I U D | S I U D | S I U D     | S I U D
                           | encrypted | –      | S     | S I U D | S I U D | S I U D | S I U D     | S I U D
                           | joined    | –      | S     | S       | S I U D | S I U D | S I U D     | S I U D
                           | other     | –      | –     | –       | S I U D | S I U D | S I U D     | S I U D
                           | global    | –      | S     | S       | S I U D | S I U D | S I U D     | S I U D
                           | template  | –      | S     | S       | S I U D | S I U D | S I U D     | S I U D
                           | system    | –      | S     | S       | S U     | S U     | S I U D     | S I U D
template_configurations    | active    | S      | S     | S       | S I U D | S I U D | S I U D     | S I U D
                           | draft     | –      | –     | –       | S I U D | S I U D | S I U D     | S I U D
deployment_templates       | active    | S      | S     | S       | S I U D | S I U D | S I U D     | S I U D
                           | draft     | –      | –     | –       | S I U D | S I U D | S I U D     | S I U D
                           | system    | S      | S     | S       | S U     | S U     | S I U D     | S I U D
configuration_versions     | own       | –      | S     | S       | S       | S       | S           | S
                           | joined    | –      | S     | S       | S       | S       | S           | S
                           | other     | –      | –     | –       | S       | S       | S           | S
                           | global    | –      | S     | S       | S       | S       | S           | S
                           | active    | –      | S     | S       | S       | S       | S           | S
                           | draft     | –      | –     | –       | S       | S       | S           | S
audit_log                  | own       | –      | –     | S       | S       | S       | S           | S
                           | joined    | –      | –     | –       | S       | S       | S           | S
                           | other     | –      | –     | –       | S       | S       | S           | S
                           | global    | –      | –     | –       | S       | S       | S           | S
                           | token     | –      | –     | –       | S       | S       | S           | S
                           | reveal    | –      | –     | –       | S       | S       | S           | S
";

/// The roles that nobody's request runs as, for every table alike.
const ALIKE: &str = "
owner         | S I U D
backup        | S
auth          | –
server        | –
anon          | –
authenticated | –
";

/// The commands that must reach one row, as one role.
#[derive(Clone, Debug)]
pub struct Expectation {
    pub table: &'static str,
    pub row: &'static str,
    pub role: &'static str,
    commands: &'static str,
}

impl Expectation {
    /// Whether the role reaches the row with the command whose letter this is.
    pub fn allows(&self, letter: char) -> bool {
        self.commands.contains(letter)
    }
}

/// Everything that must come out.
pub fn expectations() -> Vec<Expectation> {
    let mut lines = TABLE.trim().lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let heading = lines.next().expect("a heading");
    let mut all = Vec::new();
    let mut table = "";
    for cells in lines {
        if !cells[0].is_empty() {
            table = cells[0];
        }
        let row = cells[1];
        assert_eq!(cells.len(), heading.len(), "{table}, {row}");
        let request = heading.iter().zip(&cells).skip(2).map(|(role, commands)| (*role, *commands));
        let alike = ALIKE.trim().lines().map(|line| line.split_once('|').expect("a role and its commands"));
        all.extend(request.chain(alike).map(|(role, commands)| Expectation {
            table,
            row,
            role: role.trim(),
            commands: commands.trim(),
        }));
    }
    all
}
