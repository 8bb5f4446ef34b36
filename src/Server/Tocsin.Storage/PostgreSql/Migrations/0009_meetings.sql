-- Meetings, who may join them by name, who was put out, and the links by which guests ask to join.

CREATE TABLE meetings (
    id uuid NOT NULL,
    title text NOT NULL,
    alert_id uuid,
    open_to text NOT NULL,
    is_locked boolean NOT NULL,
    has_waiting_room boolean NOT NULL,
    opened_by_person uuid NOT NULL,
    opened_by_name text NOT NULL,
    opened_at bigint NOT NULL,
    ended_at bigint,
    CONSTRAINT pk_meetings PRIMARY KEY (id)
);

CREATE TABLE guest_links (
    id uuid NOT NULL,
    meeting_id uuid NOT NULL,
    label text NOT NULL,
    token_hash bytea NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    revoked_at bigint,
    CONSTRAINT pk_guest_links PRIMARY KEY (id),
    CONSTRAINT fk_guest_links_meetings_meeting_id FOREIGN KEY (meeting_id) REFERENCES meetings (id) ON DELETE CASCADE
);

CREATE TABLE meeting_invitations (
    meeting_id uuid NOT NULL,
    person_id uuid NOT NULL,
    invited_at bigint NOT NULL,
    CONSTRAINT pk_meeting_invitations PRIMARY KEY (meeting_id, person_id),
    CONSTRAINT fk_meeting_invitations_meetings_meeting_id FOREIGN KEY (meeting_id) REFERENCES meetings (id) ON DELETE CASCADE
);

CREATE TABLE meeting_removals (
    meeting_id uuid NOT NULL,
    subject text NOT NULL,
    removed_at bigint NOT NULL,
    CONSTRAINT pk_meeting_removals PRIMARY KEY (meeting_id, subject),
    CONSTRAINT fk_meeting_removals_meetings_meeting_id FOREIGN KEY (meeting_id) REFERENCES meetings (id) ON DELETE CASCADE
);

CREATE INDEX ix_guest_links_meeting_id ON guest_links (meeting_id);

CREATE UNIQUE INDEX ix_guest_links_token_hash ON guest_links (token_hash);

CREATE INDEX ix_meeting_invitations_person_id ON meeting_invitations (person_id);

CREATE UNIQUE INDEX ix_meetings_open_alert ON meetings (alert_id) WHERE alert_id IS NOT NULL AND ended_at IS NULL;

CREATE INDEX ix_meetings_open ON meetings (opened_at) WHERE ended_at IS NULL;
