/// A setting as it is in force, and who said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Under which heading `--help` lists it.
    pub heading: String,
    /// Its option.
    pub name: String,
    /// The variable that may hold it as well.
    pub variable: Option<String>,
    /// Its value; none where it isn't set, and never a secret.
    pub value: Option<String>,
    /// Who said so.
    pub source: Source,
}

/// Who said what a setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    CommandLine,
    /// A variable of the environment.
    Environment,
    /// Nobody: the program's own default.
    Default,
}
