-- What lets a browser or a machine in: sessions and API tokens.

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

CREATE UNIQUE INDEX "ix_api_tokens_token_hash" ON "api_tokens" ("token_hash");

CREATE INDEX "ix_sessions_account_id" ON "sessions" ("account_id");

CREATE UNIQUE INDEX "ix_sessions_token_hash" ON "sessions" ("token_hash");
