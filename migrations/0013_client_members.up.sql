-- Which people see which clients. Row level security asks this table and nothing else.

CREATE TABLE client_members (
    client_id           uuid         NOT NULL,
    user_id             uuid         NOT NULL,
    member_role         varchar(50)  NOT NULL DEFAULT 'manager',
    -- Tells the membership that an assignment made from one that a person made, which stays.
    made_by_assignment  boolean      NOT NULL DEFAULT false,
    created_at          timestamptz  NOT NULL DEFAULT now(),
    updated_at          timestamptz  NOT NULL DEFAULT now(),
    created_by          uuid,
    updated_by          uuid,
    CONSTRAINT client_members_pkey PRIMARY KEY (client_id, user_id),
    CONSTRAINT client_members_client_id_fkey FOREIGN KEY (client_id)
        REFERENCES clients_enhanced (id) ON DELETE RESTRICT,
    CONSTRAINT client_members_member_role_check CHECK (member_role IN ('manager', 'staff', 'client'))
);

CREATE INDEX idx_client_members_user_id ON client_members (user_id, member_role);

COMMENT ON TABLE client_members IS 'Which people see which clients. A person''s right on a client is the lesser of their role and member_role.';
COMMENT ON COLUMN client_members.client_id IS 'The client.';
COMMENT ON COLUMN client_members.user_id IS 'The person; people are disabled, never deleted.';
COMMENT ON COLUMN client_members.member_role IS 'manager, staff or client; client exactly for people whose role is client.';
COMMENT ON COLUMN client_members.made_by_assignment IS 'Made by clients_enhanced.assigned_manager, and removed when that changes.';
COMMENT ON COLUMN client_members.created_at IS 'When the row was made.';
COMMENT ON COLUMN client_members.updated_at IS 'When the row was last changed; the base of If-Match.';
COMMENT ON COLUMN client_members.created_by IS 'The person who made the row, from the session.';
COMMENT ON COLUMN client_members.updated_by IS 'The person who last changed the row, from the session.';

COMMENT ON INDEX client_members_pkey IS 'The members of a client: WHERE client_id = $1. Holds a person to one membership.';
COMMENT ON INDEX idx_client_members_user_id IS 'The clients of a person, all or as manager, which every policy asks: WHERE user_id = $1 AND member_role = ''manager''.';
