-- Campaigns in which people confirm how they are reached, what each was asked and answered, and what is still to be sent. Of a link there is only its hash.

CREATE TABLE "contact_refreshes" (
    "id" BLOB NOT NULL CONSTRAINT "pk_contact_refreshes" PRIMARY KEY,
    "number" INTEGER NOT NULL,
    "audience" TEXT NOT NULL,
    "audience_id" BLOB NULL,
    "audience_name" TEXT NULL,
    "months" INTEGER NULL,
    "title_fr" TEXT NULL,
    "title_en" TEXT NULL,
    "body_fr" TEXT NULL,
    "body_en" TEXT NULL,
    "started_by_name" TEXT NOT NULL,
    "started_at" INTEGER NOT NULL,
    "until" INTEGER NOT NULL,
    "remind_at" INTEGER NULL,
    "ended_at" INTEGER NULL,
    "ended_by_name" TEXT NULL,
    "writing" INTEGER NOT NULL,
    "through_person" BLOB NULL
);

CREATE TABLE "contact_refresh_people" (
    "refresh_id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "standing" INTEGER NOT NULL,
    "channel" INTEGER NULL,
    "contact_point_id" BLOB NULL,
    "nonce" BLOB NULL,
    "token_hash" BLOB NULL,
    "written_at" INTEGER NOT NULL,
    "answered_at" INTEGER NULL,
    "steps" INTEGER NOT NULL,
    "pending_point_id" BLOB NULL,
    "pending_replaces_id" BLOB NULL,
    CONSTRAINT "pk_contact_refresh_people" PRIMARY KEY ("refresh_id", "person_id"),
    CONSTRAINT "fk_contact_refresh_people_contact_refreshes_refresh_id" FOREIGN KEY ("refresh_id") REFERENCES "contact_refreshes" ("id") ON DELETE CASCADE
);

CREATE TABLE "contact_refresh_deliveries" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_contact_refresh_deliveries" PRIMARY KEY AUTOINCREMENT,
    "refresh_id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "is_reminder" INTEGER NOT NULL,
    "channel" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "language" INTEGER NOT NULL,
    "state" INTEGER NOT NULL,
    "due_at" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "failure_code" TEXT NULL,
    "expires_at" INTEGER NOT NULL,
    CONSTRAINT "fk_contact_refresh_deliveries_contact_refreshes_refresh_id" FOREIGN KEY ("refresh_id") REFERENCES "contact_refreshes" ("id") ON DELETE CASCADE
);

CREATE UNIQUE INDEX "ix_contact_refresh_deliveries_refresh_id_person_id_is_reminder" ON "contact_refresh_deliveries" ("refresh_id", "person_id", "is_reminder");

CREATE INDEX "ix_contact_refresh_deliveries_waiting" ON "contact_refresh_deliveries" ("due_at") WHERE state = 0;

CREATE INDEX "ix_contact_refresh_people_refresh_id_standing" ON "contact_refresh_people" ("refresh_id", "standing");

CREATE UNIQUE INDEX "ix_contact_refresh_people_token_hash" ON "contact_refresh_people" ("token_hash");

CREATE UNIQUE INDEX "ix_contact_refreshes_number" ON "contact_refreshes" ("number");
