-- Who can sign in: ASP.NET Core Identity's tables, schema version 3, with passkeys.

CREATE TABLE "accounts" (
    "id" BLOB NOT NULL CONSTRAINT "pk_accounts" PRIMARY KEY,
    "person_id" BLOB NOT NULL,
    "roles" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "authenticator_key" BLOB NULL,
    "authenticator_step" INTEGER NOT NULL,
    "disabled_at" INTEGER NULL,
    "user_name" TEXT NULL,
    "normalized_user_name" TEXT NULL,
    "email" TEXT NULL,
    "normalized_email" TEXT NULL,
    "email_confirmed" INTEGER NOT NULL,
    "password_hash" TEXT NULL,
    "security_stamp" TEXT NULL,
    "concurrency_stamp" TEXT NULL,
    "phone_number" TEXT NULL,
    "phone_number_confirmed" INTEGER NOT NULL,
    "two_factor_enabled" INTEGER NOT NULL,
    "lockout_end" INTEGER NULL,
    "lockout_enabled" INTEGER NOT NULL,
    "access_failed_count" INTEGER NOT NULL
);

CREATE TABLE "account_claims" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_account_claims" PRIMARY KEY AUTOINCREMENT,
    "user_id" BLOB NOT NULL,
    "claim_type" TEXT NULL,
    "claim_value" TEXT NULL,
    CONSTRAINT "fk_account_claims_accounts_user_id" FOREIGN KEY ("user_id") REFERENCES "accounts" ("id") ON DELETE CASCADE
);

CREATE TABLE "account_logins" (
    "login_provider" TEXT NOT NULL,
    "provider_key" TEXT NOT NULL,
    "provider_display_name" TEXT NULL,
    "user_id" BLOB NOT NULL,
    CONSTRAINT "pk_account_logins" PRIMARY KEY ("login_provider", "provider_key"),
    CONSTRAINT "fk_account_logins_accounts_user_id" FOREIGN KEY ("user_id") REFERENCES "accounts" ("id") ON DELETE CASCADE
);

CREATE TABLE "account_passkeys" (
    "credential_id" BLOB NOT NULL CONSTRAINT "pk_account_passkeys" PRIMARY KEY,
    "user_id" BLOB NOT NULL,
    "data" TEXT NOT NULL,
    CONSTRAINT "fk_account_passkeys_accounts_user_id" FOREIGN KEY ("user_id") REFERENCES "accounts" ("id") ON DELETE CASCADE
);

CREATE TABLE "account_tokens" (
    "user_id" BLOB NOT NULL,
    "login_provider" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NULL,
    CONSTRAINT "pk_account_tokens" PRIMARY KEY ("user_id", "login_provider", "name"),
    CONSTRAINT "fk_account_tokens_accounts_user_id" FOREIGN KEY ("user_id") REFERENCES "accounts" ("id") ON DELETE CASCADE
);

CREATE INDEX "ix_account_claims_user_id" ON "account_claims" ("user_id");

CREATE INDEX "ix_account_logins_user_id" ON "account_logins" ("user_id");

CREATE INDEX "ix_account_passkeys_user_id" ON "account_passkeys" ("user_id");

CREATE INDEX "email_index" ON "accounts" ("normalized_email");

CREATE UNIQUE INDEX "ix_accounts_person_id" ON "accounts" ("person_id");

CREATE UNIQUE INDEX "user_name_index" ON "accounts" ("normalized_user_name");
