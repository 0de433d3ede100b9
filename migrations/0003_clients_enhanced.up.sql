-- The agency's clients: one row per client, the owner of everything that carries a client_id.
-- A site usually has this table already; what is here is the shape that adoption converges on.

CREATE TABLE clients_enhanced (
    id                       uuid          CONSTRAINT clients_enhanced_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    name                     varchar(255)  NOT NULL,
    email                    varchar(255)  NOT NULL,
    company_name             varchar(255),
    industry                 varchar(100),
    website_url              varchar(500),
    phone                    varchar(50),
    address                  jsonb         DEFAULT '{}',
    business_size            varchar(50),
    annual_revenue           numeric(15,2),
    target_audience          text,
    business_goals           text[]        DEFAULT '{}',
    technical_requirements   jsonb         DEFAULT '{}',
    preferred_integrations   text[]        DEFAULT '{}',
    compliance_requirements  text[]        DEFAULT '{}',
    brand_guidelines         jsonb         DEFAULT '{}',
    color_palette            jsonb         DEFAULT '{}',
    typography_preferences   jsonb         DEFAULT '{}',
    logo_assets              jsonb         DEFAULT '{}',
    visual_identity          jsonb         DEFAULT '{}',
    project_type             varchar(100),
    project_scope            text,
    budget_range             varchar(50),
    timeline_requirements    varchar(100),
    status                   varchar(50)   NOT NULL DEFAULT 'active',
    tier                     varchar(50)   NOT NULL DEFAULT 'standard',
    acquisition_source       varchar(100),
    assigned_manager         uuid,
    last_contact_date        timestamptz,
    contract_start_date      date,
    contract_end_date        date,
    renewal_date             date,
    archived_at              timestamptz,
    created_at               timestamptz   NOT NULL DEFAULT now(),
    updated_at               timestamptz   NOT NULL DEFAULT now(),
    created_by               uuid,
    updated_by               uuid,
    CONSTRAINT clients_enhanced_business_size_check CHECK (business_size IN ('startup', 'small', 'medium', 'enterprise')),
    CONSTRAINT clients_enhanced_status_check CHECK (status IN ('active', 'inactive', 'suspended', 'churned')),
    CONSTRAINT clients_enhanced_tier_check CHECK (tier IN ('standard', 'basic', 'premium', 'enterprise'))
);

-- Unique whatever the letter case, because mailboxes are; an archived client gives its address free.
CREATE UNIQUE INDEX clients_enhanced_lower_email_key ON clients_enhanced (lower(email)) WHERE archived_at IS NULL;
CREATE INDEX idx_clients_enhanced_status ON clients_enhanced (status);
CREATE INDEX idx_clients_enhanced_manager ON clients_enhanced (assigned_manager);
CREATE INDEX idx_clients_enhanced_created_at ON clients_enhanced (created_at DESC);
CREATE INDEX idx_clients_enhanced_name ON clients_enhanced (name);
CREATE INDEX idx_clients_enhanced_renewal_date ON clients_enhanced (renewal_date) WHERE archived_at IS NULL AND renewal_date IS NOT NULL;

COMMENT ON TABLE clients_enhanced IS 'The agency''s clients. Nobody deletes one: a client that leaves is churned, then archived.';
COMMENT ON COLUMN clients_enhanced.id IS 'Key of the client; client_id everywhere else.';
COMMENT ON COLUMN clients_enhanced.name IS 'What the agency calls the client.';
COMMENT ON COLUMN clients_enhanced.email IS 'Main address; unique without regard to letter case among clients that aren''t archived.';
COMMENT ON COLUMN clients_enhanced.company_name IS 'Registered name of the company, where it differs from the name.';
COMMENT ON COLUMN clients_enhanced.industry IS 'Line of business, in the agency''s own words.';
COMMENT ON COLUMN clients_enhanced.website_url IS 'The client''s present web site.';
COMMENT ON COLUMN clients_enhanced.phone IS 'Telephone number as written by the client.';
COMMENT ON COLUMN clients_enhanced.address IS 'Postal address, e.g. {"city": "Leeds", "country": "GB"}.';
COMMENT ON COLUMN clients_enhanced.business_size IS 'startup, small, medium or enterprise; NULL until known.';
COMMENT ON COLUMN clients_enhanced.annual_revenue IS 'The client''s own yearly turnover, never what it pays the agency; NULL until known.';
COMMENT ON COLUMN clients_enhanced.target_audience IS 'Whom the client sells to.';
COMMENT ON COLUMN clients_enhanced.business_goals IS 'What the client wants to reach with the app.';
COMMENT ON COLUMN clients_enhanced.technical_requirements IS 'Technical conditions the client sets.';
COMMENT ON COLUMN clients_enhanced.preferred_integrations IS 'Services the app should connect to.';
COMMENT ON COLUMN clients_enhanced.compliance_requirements IS 'Rules the client is bound by, e.g. GDPR.';
COMMENT ON COLUMN clients_enhanced.brand_guidelines IS 'The client''s rules for its brand.';
COMMENT ON COLUMN clients_enhanced.color_palette IS 'Colours of the brand, e.g. {"primary": "#1b6ef3"}.';
COMMENT ON COLUMN clients_enhanced.typography_preferences IS 'Typefaces of the brand.';
COMMENT ON COLUMN clients_enhanced.logo_assets IS 'Where the logos are.';
COMMENT ON COLUMN clients_enhanced.visual_identity IS 'Whatever else belongs to how the client looks.';
COMMENT ON COLUMN clients_enhanced.project_type IS 'Kind of project, in the agency''s own words.';
COMMENT ON COLUMN clients_enhanced.project_scope IS 'What was agreed to be built.';
COMMENT ON COLUMN clients_enhanced.budget_range IS 'Budget as stated, a range in words.';
COMMENT ON COLUMN clients_enhanced.timeline_requirements IS 'When the client wants it, in words.';
COMMENT ON COLUMN clients_enhanced.status IS 'active, inactive, suspended or churned.';
COMMENT ON COLUMN clients_enhanced.tier IS 'How the client is served; what is billed is client_billing_info.subscription_tier, and a difference is shown, never mended.';
COMMENT ON COLUMN clients_enhanced.acquisition_source IS 'How the client came to the agency.';
COMMENT ON COLUMN clients_enhanced.assigned_manager IS 'The person who manages the client. A change makes that person a member as manager, and ends the membership that the former one had from this.';
COMMENT ON COLUMN clients_enhanced.last_contact_date IS 'When the agency last spoke with the client.';
COMMENT ON COLUMN clients_enhanced.contract_start_date IS 'First day of the contract.';
COMMENT ON COLUMN clients_enhanced.contract_end_date IS 'Last day of the contract.';
COMMENT ON COLUMN clients_enhanced.renewal_date IS 'Day by which the contract has to be renewed.';
COMMENT ON COLUMN clients_enhanced.archived_at IS 'When the client was archived; NULL for those that are served.';
COMMENT ON COLUMN clients_enhanced.created_at IS 'When the row was made.';
COMMENT ON COLUMN clients_enhanced.updated_at IS 'When the row was last changed; the base of If-Match.';
COMMENT ON COLUMN clients_enhanced.created_by IS 'The person who made the row, from the session.';
COMMENT ON COLUMN clients_enhanced.updated_by IS 'The person who last changed the row, from the session.';

COMMENT ON INDEX clients_enhanced_pkey IS 'One client by its id; target of every client_id.';
COMMENT ON INDEX clients_enhanced_lower_email_key IS 'The client of a mailbox: WHERE lower(email) = $1 AND archived_at IS NULL. Holds it unique.';
COMMENT ON INDEX idx_clients_enhanced_status IS 'Clients in a status: WHERE status = $1.';
COMMENT ON INDEX idx_clients_enhanced_manager IS 'The clients assigned to a manager: WHERE assigned_manager = $1.';
COMMENT ON INDEX idx_clients_enhanced_created_at IS 'The newest clients: ORDER BY created_at DESC LIMIT n.';
COMMENT ON INDEX idx_clients_enhanced_name IS 'The list of clients by name, page by page: WHERE name > $1 ORDER BY name LIMIT n.';
COMMENT ON INDEX idx_clients_enhanced_renewal_date IS 'Renewals that are due or overdue: WHERE archived_at IS NULL AND renewal_date <= $1 ORDER BY renewal_date.';
