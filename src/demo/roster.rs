/// One client of the agency, as its people would describe it in a line. Everything else follows from this.
pub struct Client {
    /// Whom the agency talks to.
    pub contact: &'static str,
    /// The company.
    pub company: &'static str,
    /// Its name in domains and deployments.
    pub slug: &'static str,
    /// What it does.
    pub industry: &'static str,
    /// Where it is.
    pub city: &'static str,
    /// ISO 3166 code of the country.
    pub country: &'static str,
    /// startup, small, medium or enterprise.
    pub size: &'static str,
    /// How it is served.
    pub tier: &'static str,
    /// active, inactive, suspended or churned.
    pub status: &'static str,
    /// The template of its app.
    pub template: &'static str,
    /// How many days ago it signed.
    pub joined: u32,
}

/// The clients, by number from 1. The first two have a login of their own; see `people`.
#[rustfmt::skip] // A line for each client reads as the table that it is.
pub const CLIENTS: [Client; 40] = [
    client(["Marta Villanueva", "Lumen Yoga", "lumenyoga", "wellness", "Lisbon", "PT"], ["small", "premium", "active", BOOKING], 610),
    client(["Owen Fairbairn", "Fairbairn Joinery", "fairbairnjoinery", "home-services", "Leeds", "GB"], ["small", "standard", "active", LEADS], 560),
    client(["Keiko Shimada", "Shimada Tea House", "shimadatea", "hospitality", "Osaka", "JP"], ["medium", "premium", "active", SHOP], 545),
    client(["Grace Adeyemi", "Adeyemi Dental", "adeyemidental", "health", "Manchester", "GB"], ["medium", "enterprise", "active", BOOKING], 530),
    client(["Tom Hallworth", "Hallworth Estates", "hallworthestates", "property", "Bristol", "GB"], ["medium", "premium", "active", PORTAL], 505),
    client(["Sofia Brandt", "Brandt Physiotherapie", "brandtphysio", "health", "Hamburg", "DE"], ["small", "standard", "active", BOOKING], 490),
    client(["Diego Salazar", "Salazar Roasters", "salazarroasters", "retail", "Austin", "US"], ["small", "standard", "active", SHOP], 472),
    client(["Hannah Weiss", "Weiss & Partner Steuerberatung", "weisspartner", "consulting", "Munich", "DE"], ["medium", "enterprise", "active", PORTAL], 460),
    client(["Liam O'Rourke", "O'Rourke Cycles", "orourkecycles", "retail", "Cork", "IE"], ["small", "basic", "active", SHOP], 441),
    client(["Chloé Marchand", "Atelier Marchand", "ateliermarchand", "retail", "Lyon", "FR"], ["startup", "standard", "active", SHOP], 430),
    client(["Ravi Menon", "Menon Language School", "menonlanguages", "education", "Toronto", "CA"], ["medium", "premium", "active", PORTAL], 415),
    client(["Ingrid Solberg", "Solberg Fjord Tours", "solbergtours", "hospitality", "Bergen", "NO"], ["small", "standard", "active", BOOKING], 402),
    client(["Peter Novak", "Novak Heating", "novakheating", "home-services", "Brno", "CZ"], ["small", "basic", "inactive", LEADS], 395),
    client(["Amara Diallo", "Diallo Hair Studio", "diallohair", "beauty", "Paris", "FR"], ["startup", "basic", "active", BOOKING], 371),
    client(["Miguel Teixeira", "Teixeira Surf Camp", "teixeirasurf", "hospitality", "Ericeira", "PT"], ["small", "standard", "active", BOOKING], 360),
    client(["Nora Lindgren", "Lindgren Arkitekter", "lindgrenark", "consulting", "Malmö", "SE"], ["small", "standard", "active", LEADS], 348),
    client(["Jack Whitcombe", "Whitcombe Vineyards", "whitcombewine", "retail", "Adelaide", "AU"], ["medium", "premium", "active", SHOP], 333),
    client(["Yuki Arai", "Arai Ceramics", "araiceramics", "retail", "Kyoto", "JP"], ["startup", "basic", "suspended", SHOP], 321),
    client(["Farah Haddad", "Haddad Legal", "haddadlegal", "consulting", "Montreal", "CA"], ["medium", "enterprise", "active", PORTAL], 310),
    client(["Ben Castellano", "Castellano Pizza", "castellanopizza", "hospitality", "Chicago", "US"], ["small", "standard", "active", SHOP], 296),
    client(["Elena Petrova", "Petrova Ballet Academy", "petrovaballet", "education", "Sofia", "BG"], ["small", "standard", "active", PORTAL], 284),
    client(["Samuel Kimani", "Kimani Safaris", "kimanisafaris", "hospitality", "Nairobi", "KE"], ["small", "premium", "active", BOOKING], 270),
    client(["Julia Ferrante", "Ferrante Skincare", "ferranteskin", "beauty", "Milan", "IT"], ["small", "premium", "active", SHOP], 262),
    client(["Oskar Nyström", "Nyström Boats", "nystromboats", "retail", "Turku", "FI"], ["small", "standard", "churned", LEADS], 255),
    client(["Abigail Stone", "Stone & Fern Florists", "stoneandfern", "retail", "Portland", "US"], ["startup", "basic", "active", SHOP], 205),
    client(["Karim Benali", "Benali Driving School", "benalidriving", "education", "Brussels", "BE"], ["small", "standard", "active", BOOKING], 228),
    client(["Lucy Tran", "Tran Optometry", "tranoptometry", "health", "Melbourne", "AU"], ["medium", "enterprise", "active", BOOKING], 214),
    client(["Henrik Dahl", "Dahl Property Care", "dahlcare", "property", "Aarhus", "DK"], ["medium", "standard", "active", PORTAL], 205),
    client(["Rosa Jiménez", "Jiménez Flamenco", "jimenezflamenco", "culture", "Seville", "ES"], ["startup", "basic", "inactive", BOOKING], 190),
    client(["Callum Reid", "Reid Mountain Guides", "reidguides", "hospitality", "Inverness", "GB"], ["startup", "standard", "active", BOOKING], 176),
    client(["Aisha Rahman", "Rahman Accountancy", "rahmanaccounts", "consulting", "Birmingham", "GB"], ["medium", "premium", "active", PORTAL], 165),
    client(["Paolo Greco", "Greco Olive Oil", "grecoolive", "retail", "Bari", "IT"], ["small", "standard", "active", SHOP], 151),
    client(["Vera Kowalczyk", "Kowalczyk Interiors", "kowalczykinteriors", "home-services", "Gdańsk", "PL"], ["startup", "basic", "churned", LEADS], 148),
    client(["Dominic Hale", "Hale Veterinary Group", "halevets", "health", "Denver", "US"], ["enterprise", "enterprise", "active", BOOKING], 130),
    client(["Mina Park", "Park & Daughters Bakery", "parkbakery", "hospitality", "Seattle", "US"], ["small", "standard", "active", SHOP], 112),
    client(["Gustavo Pires", "Pires Solar", "piressolar", "home-services", "Porto", "PT"], ["small", "standard", "suspended", LEADS], 96),
    client(["Leonie Krüger", "Krüger Kindertheater", "kruegertheater", "culture", "Leipzig", "DE"], ["startup", "basic", "active", LEADS], 71),
    client(["Andre Baptiste", "Baptiste Fitness", "baptistefitness", "wellness", "Miami", "US"], ["startup", "standard", "active", BOOKING], 44),
    client(["Siobhan Keane", "Keane Housing Association", "keanehousing", "property", "Dublin", "IE"], ["enterprise", "enterprise", "active", PORTAL], 23),
    client(["Ivan Horvat", "Horvat Moving", "horvatmoving", "home-services", "Zagreb", "HR"], ["small", "standard", "churned", LEADS], 402),
];

/// The templates that clients are served with.
pub const BOOKING: &str = "appointment-booking";
/// See [`BOOKING`].
pub const SHOP: &str = "storefront";
/// See [`BOOKING`].
pub const LEADS: &str = "lead-capture";
/// See [`BOOKING`].
pub const PORTAL: &str = "member-portal";

const fn client(who: [&'static str; 6], how: [&'static str; 4], joined: u32) -> Client {
    let [contact, company, slug, industry, city, country] = who;
    let [size, tier, status, template] = how;
    Client { contact, company, slug, industry, city, country, size, tier, status, template, joined }
}

/// The clients with their numbers.
pub fn numbered() -> impl Iterator<Item = (usize, &'static Client)> {
    (1..).zip(&CLIENTS)
}

impl Client {
    /// The address of the client's mailbox.
    pub fn email(&self) -> String {
        format!("hello@{}.example", self.slug)
    }

    /// ISO 4217 code of what it is billed and earns in.
    pub fn currency(&self) -> &'static str {
        match self.country {
            "US" => "USD",
            "GB" => "GBP",
            "CA" => "CAD",
            "AU" => "AUD",
            "JP" => "JPY",
            "SE" => "SEK",
            "NO" => "NOK",
            "DK" => "DKK",
            "CZ" => "CZK",
            "PL" => "PLN",
            "BG" => "BGN",
            "KE" => "KES",
            _ => "EUR",
        }
    }

    /// Whether its app runs, or ran until the client left.
    pub fn has_left(&self) -> bool {
        self.status == "churned"
    }
}
