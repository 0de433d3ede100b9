/// What somebody probably meant who wrote something unknown.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR: f64 = 0.75;
    // Comparing costs the product of the lengths, and PostgreSQL has no longer names.
    if written.len() > 63 {
        return None;
    }
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&written.to_lowercase(), name), name))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let known = ["tier", "status", "company_name", "created_at"];
        assert_eq!(nearest("teir", known), Some("tier"));
        assert_eq!(nearest("companyName", known), Some("company_name"));
        assert_eq!(nearest("xyz", known), None);
        assert_eq!(nearest(&"t".repeat(64), known), None);
    }
}
