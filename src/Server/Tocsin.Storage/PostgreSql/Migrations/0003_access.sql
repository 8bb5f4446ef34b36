-- What lets a browser or a machine in: sessions, API tokens, emergency cards, and the links that set an account up.

CREATE TABLE api_tokens (
    id uuid NOT NULL,
    name text NOT NULL,
    token_hash bytea NOT NULL,
    scopes text NOT NULL,
    created_by text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    last_used_at bigint,
    revoked_at bigint,
    CONSTRAINT pk_api_tokens PRIMARY KEY (id)
);

CREATE TABLE sessions (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    method text NOT NULL,
    device text NOT NULL,
    network text,
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    revoked_at bigint,
    CONSTRAINT pk_sessions PRIMARY KEY (id),
    CONSTRAINT fk_sessions_accounts_account_id FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE
);

CREATE TABLE emergency_cards (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    label text NOT NULL,
    salt bytea NOT NULL,
    created_at bigint NOT NULL,
    revoked_at bigint,
    CONSTRAINT pk_emergency_cards PRIMARY KEY (id),
    CONSTRAINT fk_emergency_cards_accounts_account_id FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE
);

CREATE TABLE setup_links (
    id uuid NOT NULL,
    account_id uuid,
    token_hash bytea NOT NULL,
    created_by text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    revoked_at bigint,
    CONSTRAINT pk_setup_links PRIMARY KEY (id),
    CONSTRAINT fk_setup_links_accounts_account_id FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE
);

CREATE TABLE emergency_codes (
    card_id uuid NOT NULL,
    number integer NOT NULL,
    hash bytea NOT NULL,
    used_at bigint,
    CONSTRAINT pk_emergency_codes PRIMARY KEY (card_id, number),
    CONSTRAINT fk_emergency_codes_emergency_cards_card_id FOREIGN KEY (card_id) REFERENCES emergency_cards (id) ON DELETE CASCADE
);

CREATE INDEX ix_emergency_cards_account_id ON emergency_cards (account_id);

CREATE INDEX ix_setup_links_account_id ON setup_links (account_id);

CREATE UNIQUE INDEX ix_setup_links_token_hash ON setup_links (token_hash);

CREATE UNIQUE INDEX ix_api_tokens_token_hash ON api_tokens (token_hash);

CREATE INDEX ix_sessions_account_id ON sessions (account_id);

CREATE UNIQUE INDEX ix_sessions_token_hash ON sessions (token_hash);
