-- Codes that show that a contact point reaches its owner: sent, tried, and gone within the hour.
CREATE TABLE "contact_point_codes" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_contact_point_codes" PRIMARY KEY AUTOINCREMENT,
    "person_id" BLOB NOT NULL,
    "contact_point_id" BLOB NOT NULL,
    "channel" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "nonce" BLOB NOT NULL,
    "state" INTEGER NOT NULL,
    "due_at" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "wrong_tries" INTEGER NOT NULL,
    "failure_code" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL
);

CREATE INDEX "ix_contact_point_codes_address" ON "contact_point_codes" ("address");

CREATE INDEX "ix_contact_point_codes_person_id" ON "contact_point_codes" ("person_id");
