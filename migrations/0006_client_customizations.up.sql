-- How a client's app departs from its template: one row per version of a design.

CREATE TABLE client_customizations (
    id                           uuid          CONSTRAINT client_customizations_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    client_id                    uuid          NOT NULL,
    template_id                  varchar(255)  NOT NULL,
    template_version             varchar(50),
    customization_config         jsonb         NOT NULL DEFAULT '{}',
    branding_config              jsonb         DEFAULT '{}',
    feature_config               jsonb         DEFAULT '{}',
    integration_config           jsonb         DEFAULT '{}',
    ai_generated_customizations  jsonb         DEFAULT '{}',
    ai_customization_prompts     text[]        DEFAULT '{}',
    ai_customization_metadata    jsonb         DEFAULT '{}',
    theme_config                 jsonb         DEFAULT '{}',
    layout_config                jsonb         DEFAULT '{}',
    component_overrides          jsonb         DEFAULT '{}',
    css_customizations           text,
    content_overrides            jsonb         DEFAULT '{}',
    copy_customizations          jsonb         DEFAULT '{}',
    image_assets                 jsonb         DEFAULT '{}',
    status                       varchar(50)   NOT NULL DEFAULT 'draft',
    version                      integer       DEFAULT 1,
    is_active                    boolean       DEFAULT false,
    approved_by                  uuid,
    approved_at                  timestamptz,
    created_at                   timestamptz   NOT NULL DEFAULT now(),
    updated_at                   timestamptz   NOT NULL DEFAULT now(),
    created_by                   uuid,
    updated_by                   uuid,
    CONSTRAINT client_customizations_client_id_id_key UNIQUE (client_id, id),
    CONSTRAINT client_customizations_client_id_template_id_version_key UNIQUE (client_id, template_id, version),
    CONSTRAINT client_customizations_client_id_fkey FOREIGN KEY (client_id)
        REFERENCES clients_enhanced (id) ON DELETE RESTRICT,
    -- MATCH SIMPLE on purpose: without a version the newest active one is meant, which no key can name.
    CONSTRAINT client_customizations_template_id_template_version_fkey FOREIGN KEY (template_id, template_version)
        REFERENCES template_configurations (template_id, template_version) ON DELETE RESTRICT,
    CONSTRAINT client_customizations_status_check CHECK (status IN ('draft', 'in_review', 'approved', 'deployed')),
    CONSTRAINT client_customizations_approval_check CHECK ((approved_by IS NULL) = (approved_at IS NULL))
);

CREATE UNIQUE INDEX client_customizations_active_key ON client_customizations (client_id, template_id) WHERE is_active;
CREATE INDEX idx_client_customizations_template ON client_customizations (template_id, template_version);
CREATE INDEX idx_client_customizations_status ON client_customizations (status, updated_at);
CREATE INDEX idx_client_customizations_client_created ON client_customizations (client_id, created_at DESC);

COMMENT ON TABLE client_customizations IS 'How a client''s app departs from its template, one row per version. Content is writable in draft only; a change to a reviewed design is a new version.';
COMMENT ON COLUMN client_customizations.id IS 'Key of this version of the design.';
COMMENT ON COLUMN client_customizations.client_id IS 'The client it belongs to; never changes.';
COMMENT ON COLUMN client_customizations.template_id IS 'The template it departs from.';
COMMENT ON COLUMN client_customizations.template_version IS 'The version of the template it pins; NULL is the newest active one.';
COMMENT ON COLUMN client_customizations.customization_config IS 'Values of this client for this template; layer 7 of its configuration while is_active.';
COMMENT ON COLUMN client_customizations.branding_config IS 'Brand: logo, colours.';
COMMENT ON COLUMN client_customizations.feature_config IS 'Features switched on or off.';
COMMENT ON COLUMN client_customizations.integration_config IS 'Services connected.';
COMMENT ON COLUMN client_customizations.ai_generated_customizations IS 'What a model proposed.';
COMMENT ON COLUMN client_customizations.ai_customization_prompts IS 'What it was asked.';
COMMENT ON COLUMN client_customizations.ai_customization_metadata IS 'Which model, when.';
COMMENT ON COLUMN client_customizations.theme_config IS 'Theme.';
COMMENT ON COLUMN client_customizations.layout_config IS 'Layout.';
COMMENT ON COLUMN client_customizations.component_overrides IS 'Components replaced.';
COMMENT ON COLUMN client_customizations.css_customizations IS 'Style sheet of the client.';
COMMENT ON COLUMN client_customizations.content_overrides IS 'Content replaced.';
COMMENT ON COLUMN client_customizations.copy_customizations IS 'Wording replaced.';
COMMENT ON COLUMN client_customizations.image_assets IS 'Images.';
COMMENT ON COLUMN client_customizations.status IS 'draft, in_review, approved, deployed in this order; from in_review back to draft with a reason.';
COMMENT ON COLUMN client_customizations.version IS 'Number of the design: the previous one of this client and template plus one.';
COMMENT ON COLUMN client_customizations.is_active IS 'Whether this version is served; one per client and template, approved or deployed.';
COMMENT ON COLUMN client_customizations.approved_by IS 'Who approved it; set together with approved_at. Not its author where the setting customization_review asks for a second person.';
COMMENT ON COLUMN client_customizations.approved_at IS 'When it was approved.';
COMMENT ON COLUMN client_customizations.created_at IS 'When the row was made.';
COMMENT ON COLUMN client_customizations.updated_at IS 'When the row was last changed; the base of If-Match.';
COMMENT ON COLUMN client_customizations.created_by IS 'The person who made the row, from the session: the author.';
COMMENT ON COLUMN client_customizations.updated_by IS 'The person who last changed the row, from the session.';

COMMENT ON INDEX client_customizations_pkey IS 'One customization by its id.';
COMMENT ON INDEX client_customizations_client_id_id_key IS 'Target of (client_id, customization_id), so that a deployment can''t name another client''s; also the rows of a member''s clients.';
COMMENT ON INDEX client_customizations_client_id_template_id_version_key IS 'The versions of a client''s design and the next number: WHERE client_id = $1 AND template_id = $2 ORDER BY version DESC. Holds them unique.';
COMMENT ON INDEX client_customizations_active_key IS 'What is served: WHERE client_id = $1 AND template_id = $2 AND is_active. Holds it to one.';
COMMENT ON INDEX idx_client_customizations_template IS 'The customizations that use a template or one version of it: WHERE template_id = $1 AND template_version = $2.';
COMMENT ON INDEX idx_client_customizations_status IS 'What waits for review, longest first: WHERE status = ''in_review'' ORDER BY updated_at.';
COMMENT ON INDEX idx_client_customizations_client_created IS 'A client''s customizations, newest first: WHERE client_id = $1 ORDER BY created_at DESC.';
