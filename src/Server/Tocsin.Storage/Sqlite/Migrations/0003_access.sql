-- What lets a browser or a machine in: sessions, API tokens, emergency cards, and the links that set an account up.

CREATE TABLE "api_tokens" (
    "id" BLOB NOT NULL CONSTRAINT "pk_api_tokens" PRIMARY KEY,
    "name" TEXT NOT NULL,
    "token_hash" BLOB NOT NULL,
    "scopes" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NULL,
    "last_used_at" INTEGER NULL,
    "revoked_at" INTEGER NULL
);

CREATE TABLE "sessions" (
    "id" BLOB NOT NULL CONSTRAINT "pk_sessions" PRIMARY KEY,
    "account_id" BLOB NOT NULL,
    "token_hash" BLOB NOT NULL,
    "method" TEXT NOT NULL,
    "device" TEXT NOT NULL,
    "network" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    "last_seen_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "revoked_at" INTEGER NULL,
    CONSTRAINT "fk_sessions_accounts_account_id" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE CASCADE
);

CREATE TABLE "emergency_cards" (
    "id" BLOB NOT NULL CONSTRAINT "pk_emergency_cards" PRIMARY KEY,
    "account_id" BLOB NOT NULL,
    "label" TEXT NOT NULL,
    "salt" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL,
    "revoked_at" INTEGER NULL,
    CONSTRAINT "fk_emergency_cards_accounts_account_id" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE CASCADE
);

CREATE TABLE "setup_links" (
    "id" BLOB NOT NULL CONSTRAINT "pk_setup_links" PRIMARY KEY,
    "account_id" BLOB NULL,
    "token_hash" BLOB NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "used_at" INTEGER NULL,
    "revoked_at" INTEGER NULL,
    CONSTRAINT "fk_setup_links_accounts_account_id" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE CASCADE
);

CREATE TABLE "emergency_codes" (
    "card_id" BLOB NOT NULL,
    "number" INTEGER NOT NULL,
    "hash" BLOB NOT NULL,
    "used_at" INTEGER NULL,
    CONSTRAINT "pk_emergency_codes" PRIMARY KEY ("card_id", "number"),
    CONSTRAINT "fk_emergency_codes_emergency_cards_card_id" FOREIGN KEY ("card_id") REFERENCES "emergency_cards" ("id") ON DELETE CASCADE
);

CREATE INDEX "ix_emergency_cards_account_id" ON "emergency_cards" ("account_id");

CREATE INDEX "ix_setup_links_account_id" ON "setup_links" ("account_id");

CREATE UNIQUE INDEX "ix_setup_links_token_hash" ON "setup_links" ("token_hash");

CREATE UNIQUE INDEX "ix_api_tokens_token_hash" ON "api_tokens" ("token_hash");

CREATE INDEX "ix_sessions_account_id" ON "sessions" ("account_id");

CREATE UNIQUE INDEX "ix_sessions_token_hash" ON "sessions" ("token_hash");
