-- The numbered event stream, the audit trail, and what every feature leans on.

CREATE TABLE "audit_entries" (
    "seq" INTEGER NOT NULL CONSTRAINT "pk_audit_entries" PRIMARY KEY,
    "at" INTEGER NOT NULL,
    "actor" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "origin" TEXT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NULL,
    "detail" TEXT NOT NULL,
    "hash" BLOB NOT NULL
);

CREATE TABLE "events" (
    "seq" INTEGER NOT NULL CONSTRAINT "pk_events" PRIMARY KEY,
    "at" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "visible_to" INTEGER NOT NULL,
    "visible_to_person" BLOB NULL,
    "data" TEXT NOT NULL
);

CREATE TABLE "idempotency_keys" (
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BLOB NOT NULL,
    "status" INTEGER NOT NULL,
    "response" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "pk_idempotency_keys" PRIMARY KEY ("actor", "key")
);

CREATE TABLE "secrets" (
    "name" TEXT NOT NULL CONSTRAINT "pk_secrets" PRIMARY KEY,
    "value" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL
);

CREATE TABLE "settings" (
    "key" TEXT NOT NULL CONSTRAINT "pk_settings" PRIMARY KEY,
    "value" TEXT NOT NULL,
    "changed_at" INTEGER NOT NULL
);

CREATE INDEX "ix_audit_entries_subject" ON "audit_entries" ("subject");

CREATE INDEX "ix_idempotency_keys_created_at" ON "idempotency_keys" ("created_at");
