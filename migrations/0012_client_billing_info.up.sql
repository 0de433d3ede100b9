-- What a client is billed and how it pays: one row per client.

CREATE TABLE client_billing_info (
    id                       uuid           CONSTRAINT client_billing_info_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    client_id                uuid           NOT NULL,
    subscription_tier        varchar(50)    NOT NULL DEFAULT 'basic',
    -- Trial by default, so that nobody pays by omission.
    subscription_status      varchar(50)    NOT NULL DEFAULT 'trial',
    subscription_start_date  date,
    subscription_end_date    date,
    trial_end_date           date,
    billing_email            varchar(255),
    billing_frequency        varchar(50)    NOT NULL DEFAULT 'monthly',
    currency                 char(3)        NOT NULL DEFAULT 'USD',
    payment_method_id        varchar(255),
    payment_provider         varchar(100)   DEFAULT 'stripe',
    payment_status           varchar(50)    NOT NULL DEFAULT 'pending',
    billing_address          jsonb          DEFAULT '{}',
    tax_id                   varchar(255),
    vat_number               varchar(255),
    usage_limits             jsonb          DEFAULT '{}',
    current_usage            jsonb          DEFAULT '{}',
    -- Three decimals, for the currencies that have them.
    overage_charges          numeric(16,3)  NOT NULL DEFAULT 0,
    invoice_amount           numeric(16,3)  NOT NULL DEFAULT 0,
    account_balance          numeric(16,3)  NOT NULL DEFAULT 0,
    credit_balance           numeric(16,3)  NOT NULL DEFAULT 0,
    last_invoice_date        date,
    next_invoice_date        date,
    payment_retry_count      integer        NOT NULL DEFAULT 0,
    last_payment_attempt     timestamptz,
    dunning_status           varchar(50)    NOT NULL DEFAULT 'none',
    created_at               timestamptz    NOT NULL DEFAULT now(),
    updated_at               timestamptz    NOT NULL DEFAULT now(),
    created_by               uuid,
    updated_by               uuid,
    CONSTRAINT client_billing_info_client_id_key UNIQUE (client_id),
    CONSTRAINT client_billing_info_client_id_id_key UNIQUE (client_id, id),
    CONSTRAINT client_billing_info_client_id_fkey FOREIGN KEY (client_id)
        REFERENCES clients_enhanced (id) ON DELETE RESTRICT,
    CONSTRAINT client_billing_info_subscription_tier_check CHECK (subscription_tier IN ('basic', 'standard', 'premium', 'enterprise')),
    CONSTRAINT client_billing_info_subscription_status_check CHECK (subscription_status IN ('trial', 'active', 'suspended', 'cancelled')),
    CONSTRAINT client_billing_info_billing_frequency_check CHECK (billing_frequency IN ('monthly', 'yearly', 'one-time')),
    CONSTRAINT client_billing_info_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT client_billing_info_payment_status_check CHECK (payment_status IN ('pending', 'valid', 'failed', 'expired')),
    CONSTRAINT client_billing_info_payment_retry_count_check CHECK (payment_retry_count >= 0),
    CONSTRAINT client_billing_info_dunning_status_check CHECK (dunning_status IN ('none', 'soft', 'hard', 'final'))
);

CREATE INDEX idx_client_billing_next_invoice ON client_billing_info (next_invoice_date)
    WHERE subscription_status = 'active' AND next_invoice_date IS NOT NULL;
CREATE INDEX idx_client_billing_trial_end ON client_billing_info (trial_end_date) WHERE subscription_status = 'trial';
CREATE INDEX idx_client_billing_dunning ON client_billing_info (dunning_status, last_payment_attempt) WHERE dunning_status <> 'none';

COMMENT ON TABLE client_billing_info IS 'What a client is billed and how it pays, one row per client. Holds a provider''s references, never a card number.';
COMMENT ON COLUMN client_billing_info.id IS 'Key of the row.';
COMMENT ON COLUMN client_billing_info.client_id IS 'The client; one row each, never changes.';
COMMENT ON COLUMN client_billing_info.subscription_tier IS 'What is billed: basic, standard, premium or enterprise. How the client is served is clients_enhanced.tier.';
COMMENT ON COLUMN client_billing_info.subscription_status IS 'trial, active, suspended or cancelled; only active ones are invoiced.';
COMMENT ON COLUMN client_billing_info.subscription_start_date IS 'First day of the subscription.';
COMMENT ON COLUMN client_billing_info.subscription_end_date IS 'Last day of the subscription.';
COMMENT ON COLUMN client_billing_info.trial_end_date IS 'Last day of the trial.';
COMMENT ON COLUMN client_billing_info.billing_email IS 'Where invoices go.';
COMMENT ON COLUMN client_billing_info.billing_frequency IS 'monthly, yearly or one-time.';
COMMENT ON COLUMN client_billing_info.currency IS 'ISO 4217 code of all amounts of the row.';
COMMENT ON COLUMN client_billing_info.payment_method_id IS 'The provider''s reference of the means of payment; a secret, never a card number.';
COMMENT ON COLUMN client_billing_info.payment_provider IS 'Who takes the payments.';
COMMENT ON COLUMN client_billing_info.payment_status IS 'Whether the means of payment works: pending, valid, failed or expired.';
COMMENT ON COLUMN client_billing_info.billing_address IS 'Address on the invoice.';
COMMENT ON COLUMN client_billing_info.tax_id IS 'Tax number; a secret.';
COMMENT ON COLUMN client_billing_info.vat_number IS 'VAT number; a secret.';
COMMENT ON COLUMN client_billing_info.usage_limits IS 'What the subscription includes.';
COMMENT ON COLUMN client_billing_info.current_usage IS 'What was used of it in this period.';
COMMENT ON COLUMN client_billing_info.overage_charges IS 'Charges for use beyond the limits.';
COMMENT ON COLUMN client_billing_info.invoice_amount IS 'Amount of an invoice.';
COMMENT ON COLUMN client_billing_info.account_balance IS 'Balance of the account: below zero is what the client owes.';
COMMENT ON COLUMN client_billing_info.credit_balance IS 'What the client has to its credit.';
COMMENT ON COLUMN client_billing_info.last_invoice_date IS 'Day of the last invoice.';
COMMENT ON COLUMN client_billing_info.next_invoice_date IS 'Day of the next invoice; NULL where none is due.';
COMMENT ON COLUMN client_billing_info.payment_retry_count IS 'Failed attempts since the last payment.';
COMMENT ON COLUMN client_billing_info.last_payment_attempt IS 'When a payment was last tried.';
COMMENT ON COLUMN client_billing_info.dunning_status IS 'How far reminding has gone: none, soft, hard or final.';
COMMENT ON COLUMN client_billing_info.created_at IS 'When the row was made.';
COMMENT ON COLUMN client_billing_info.updated_at IS 'When the row was last changed; the base of If-Match.';
COMMENT ON COLUMN client_billing_info.created_by IS 'The person who made the row, from the session.';
COMMENT ON COLUMN client_billing_info.updated_by IS 'The person who last changed the row, from the session.';

COMMENT ON INDEX client_billing_info_pkey IS 'One row by its id.';
COMMENT ON INDEX client_billing_info_client_id_key IS 'A client''s billing: WHERE client_id = $1. Holds it to one row, so that embeds give an object.';
COMMENT ON INDEX client_billing_info_client_id_id_key IS 'Target of composite keys: (client_id, id) of another table can''t name another client''s row.';
COMMENT ON INDEX idx_client_billing_next_invoice IS 'Who is to be invoiced: WHERE subscription_status = ''active'' AND next_invoice_date <= $1 ORDER BY next_invoice_date.';
COMMENT ON INDEX idx_client_billing_trial_end IS 'Trials that end: WHERE subscription_status = ''trial'' AND trial_end_date <= $1.';
COMMENT ON INDEX idx_client_billing_dunning IS 'Who is being reminded, longest first: WHERE dunning_status = $1 ORDER BY last_payment_attempt.';
