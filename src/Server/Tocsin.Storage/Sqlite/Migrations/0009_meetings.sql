-- Meetings, who may join them by name, who was put out, and the links by which guests ask to join.

CREATE TABLE "meetings" (
    "id" BLOB NOT NULL CONSTRAINT "pk_meetings" PRIMARY KEY,
    "title" TEXT NOT NULL,
    "alert_id" BLOB NULL,
    "open_to" TEXT NOT NULL,
    "is_locked" INTEGER NOT NULL,
    "has_waiting_room" INTEGER NOT NULL,
    "opened_by_person" BLOB NOT NULL,
    "opened_by_name" TEXT NOT NULL,
    "opened_at" INTEGER NOT NULL,
    "ended_at" INTEGER NULL
);

CREATE TABLE "guest_links" (
    "id" BLOB NOT NULL CONSTRAINT "pk_guest_links" PRIMARY KEY,
    "meeting_id" BLOB NOT NULL,
    "label" TEXT NOT NULL,
    "token_hash" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "revoked_at" INTEGER NULL,
    CONSTRAINT "fk_guest_links_meetings_meeting_id" FOREIGN KEY ("meeting_id") REFERENCES "meetings" ("id") ON DELETE CASCADE
);

CREATE TABLE "meeting_invitations" (
    "meeting_id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "invited_at" INTEGER NOT NULL,
    CONSTRAINT "pk_meeting_invitations" PRIMARY KEY ("meeting_id", "person_id"),
    CONSTRAINT "fk_meeting_invitations_meetings_meeting_id" FOREIGN KEY ("meeting_id") REFERENCES "meetings" ("id") ON DELETE CASCADE
);

CREATE TABLE "meeting_removals" (
    "meeting_id" BLOB NOT NULL,
    "subject" TEXT NOT NULL,
    "removed_at" INTEGER NOT NULL,
    CONSTRAINT "pk_meeting_removals" PRIMARY KEY ("meeting_id", "subject"),
    CONSTRAINT "fk_meeting_removals_meetings_meeting_id" FOREIGN KEY ("meeting_id") REFERENCES "meetings" ("id") ON DELETE CASCADE
);

CREATE INDEX "ix_guest_links_meeting_id" ON "guest_links" ("meeting_id");

CREATE UNIQUE INDEX "ix_guest_links_token_hash" ON "guest_links" ("token_hash");

CREATE INDEX "ix_meeting_invitations_person_id" ON "meeting_invitations" ("person_id");

CREATE UNIQUE INDEX "ix_meetings_open_alert" ON "meetings" ("alert_id") WHERE alert_id IS NOT NULL AND ended_at IS NULL;

CREATE INDEX "ix_meetings_open" ON "meetings" ("opened_at") WHERE ended_at IS NULL;
