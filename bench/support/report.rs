use std::fmt;

/// What was promised of a figure.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// Nothing: it is there to compare with.
    None,
    /// Less than this.
    Under(f64),
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
}

/// What a benchmark measured, each figure beside its limit.
#[derive(Clone, Debug, Default)]
pub struct Report {
    figures: Vec<Figure>,
}

#[derive(Clone, Debug)]
struct Figure {
    what: String,
    value: f64,
    unit: &'static str,
    limit: Limit,
}

impl Report {
    /// Adds a figure.
    #[must_use]
    pub fn figure(mut self, what: impl Into<String>, value: f64, unit: &'static str, limit: Limit) -> Self {
        self.figures.push(Figure { what: what.into(), value, unit, limit });
        self
    }

    /// Adds the figures of another report.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.figures.extend(other.figures);
        self
    }

    /// Whether every figure is within its limit.
    pub fn is_kept(&self) -> bool {
        self.figures.iter().all(Figure::is_kept)
    }
}

impl Figure {
    fn is_kept(&self) -> bool {
        match self.limit {
            Limit::None => true,
            Limit::Under(limit) => self.value < limit,
            Limit::AtMost(limit) => self.value <= limit,
            Limit::AtLeast(limit) => self.value >= limit,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.figures.iter().map(|figure| figure.what.chars().count()).max().unwrap_or_default();
        for figure in &self.figures {
            let Figure { what, value, unit, limit } = figure;
            write!(f, "{what:<width$}  {value:>10.2} {unit:<3}")?;
            match limit {
                Limit::None => writeln!(f)?,
                Limit::Under(limit) => writeln!(f, " (under {limit} {unit}) {}", verdict(figure))?,
                Limit::AtMost(limit) => writeln!(f, " (at most {limit} {unit}) {}", verdict(figure))?,
                Limit::AtLeast(limit) => writeln!(f, " (at least {limit} {unit}) {}", verdict(figure))?,
            }
        }
        Ok(())
    }
}

fn verdict(figure: &Figure) -> &'static str {
    if figure.is_kept() { "ok" } else { "MISSED" }
}
