using Tocsin.Storage.Bulk;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Directory;

/// <summary>The directory's tables for bulk inserts; the same columns as <c>DirectoryTables</c>, which a test holds them to.</summary>
internal static class DirectoryBulkTables
{
    public static readonly BulkTable<Site> Sites = new(
        "sites",
        new UuidBulkColumn<Site>("id", s => s.Id.Value),
        new TextBulkColumn<Site>("name", s => s.Name),
        new TextBulkColumn<Site>("name_key", s => s.NameKey),
        new TextBulkColumn<Site>("postal_address", s => s.PostalAddress),
        new TextBulkColumn<Site>("external_id", s => s.ExternalId),
        new TextBulkColumn<Site>("source", s => KebabCase.WordOf(s.Source)),
        new TimeBulkColumn<Site>("created_at", s => s.CreatedAt),
        new TimeBulkColumn<Site>("changed_at", s => s.ChangedAt));

    public static readonly BulkTable<PersonGroup> Groups = new(
        "groups",
        new UuidBulkColumn<PersonGroup>("id", g => g.Id.Value),
        new TextBulkColumn<PersonGroup>("name", g => g.Name),
        new TextBulkColumn<PersonGroup>("name_key", g => g.NameKey),
        new TextBulkColumn<PersonGroup>("description", g => g.Description),
        new TextBulkColumn<PersonGroup>("external_id", g => g.ExternalId),
        new TextBulkColumn<PersonGroup>("source", g => KebabCase.WordOf(g.Source)),
        new TimeBulkColumn<PersonGroup>("created_at", g => g.CreatedAt),
        new TimeBulkColumn<PersonGroup>("changed_at", g => g.ChangedAt));

    public static readonly BulkTable<GroupNesting> GroupNestings = new(
        "group_subgroups",
        new UuidBulkColumn<GroupNesting>("parent_id", n => n.ParentId.Value),
        new UuidBulkColumn<GroupNesting>("child_id", n => n.ChildId.Value));

    public static readonly BulkTable<CrisisFunction> Functions = new(
        "functions",
        new UuidBulkColumn<CrisisFunction>("id", f => f.Id.Value),
        new TextBulkColumn<CrisisFunction>("name_fr", f => f.NameFr),
        new TextBulkColumn<CrisisFunction>("name_en", f => f.NameEn),
        new TextBulkColumn<CrisisFunction>("name_key", f => f.NameKey),
        new TextBulkColumn<CrisisFunction>("description", f => f.Description),
        new TextBulkColumn<CrisisFunction>("source", f => KebabCase.WordOf(f.Source)),
        new TimeBulkColumn<CrisisFunction>("created_at", f => f.CreatedAt),
        new TimeBulkColumn<CrisisFunction>("changed_at", f => f.ChangedAt));

    public static readonly BulkTable<StoredRota> Rotas = new(
        "rotas",
        new UuidBulkColumn<StoredRota>("id", r => r.Id.Value),
        new TextBulkColumn<StoredRota>("name", r => r.Name),
        new TextBulkColumn<StoredRota>("name_key", r => r.NameKey),
        new TextBulkColumn<StoredRota>("definition", r => r.Definition),
        new IntegerBulkColumn<StoredRota>("version", r => r.Version),
        new TimeBulkColumn<StoredRota>("created_at", r => r.CreatedAt),
        new TimeBulkColumn<StoredRota>("changed_at", r => r.ChangedAt));

    public static readonly BulkTable<PersonList> Lists = new(
        "lists",
        new UuidBulkColumn<PersonList>("id", l => l.Id.Value),
        new TextBulkColumn<PersonList>("name", l => l.Name),
        new TextBulkColumn<PersonList>("name_key", l => l.NameKey),
        new TextBulkColumn<PersonList>("description", l => l.Description),
        new TimeBulkColumn<PersonList>("created_at", l => l.CreatedAt),
        new TimeBulkColumn<PersonList>("changed_at", l => l.ChangedAt));

    public static readonly BulkTable<Person> People = new(
        "people",
        new UuidBulkColumn<Person>("id", p => p.Id.Value),
        new TextBulkColumn<Person>("external_id", p => p.ExternalId),
        new TextBulkColumn<Person>("given_name", p => p.GivenName),
        new TextBulkColumn<Person>("family_name", p => p.FamilyName),
        new TextBulkColumn<Person>("display_name", p => p.DisplayName),
        new TextBulkColumn<Person>("sort_key", p => p.SortKey),
        new TextBulkColumn<Person>("search_text", p => p.SearchText),
        new TextBulkColumn<Person>("language", p => KebabCase.WordOf(p.Language)),
        new UuidBulkColumn<Person>("site_id", p => p.SiteId?.Value),
        new TextBulkColumn<Person>("job_title", p => p.JobTitle),
        new BooleanBulkColumn<Person>("active", p => p.Active),
        new TextBulkColumn<Person>("source", p => KebabCase.WordOf(p.Source)),
        new TimeBulkColumn<Person>("created_at", p => p.CreatedAt),
        new TimeBulkColumn<Person>("changed_at", p => p.ChangedAt));

    public static readonly BulkTable<PersonWord> Words = new(
        "person_words",
        new TextBulkColumn<PersonWord>("word", w => w.Word),
        new UuidBulkColumn<PersonWord>("person_id", w => w.PersonId.Value));

    public static readonly BulkTable<PersonPreferences> Preferences = new(
        "person_preferences",
        new UuidBulkColumn<PersonPreferences>("person_id", p => p.PersonId.Value),
        new TextBulkColumn<PersonPreferences>("channels", p => p.Channels));

    public static readonly BulkTable<StoredContactPoint> ContactPoints = new(
        "contact_points",
        new UuidBulkColumn<StoredContactPoint>("id", c => c.Id.Value),
        new UuidBulkColumn<StoredContactPoint>("person_id", c => c.PersonId.Value),
        new TextBulkColumn<StoredContactPoint>("kind", c => KebabCase.WordOf(c.Kind)),
        new TextBulkColumn<StoredContactPoint>("address", c => c.Address),
        new TextBulkColumn<StoredContactPoint>("channel_data", c => c.ChannelData),
        new IntegerBulkColumn<StoredContactPoint>("rank", c => c.Rank),
        new TextBulkColumn<StoredContactPoint>("label", c => c.Label),
        new IntegerBulkColumn<StoredContactPoint>("quiet_from_minute", c => c.QuietFromMinute),
        new IntegerBulkColumn<StoredContactPoint>("quiet_until_minute", c => c.QuietUntilMinute),
        new TextBulkColumn<StoredContactPoint>("quiet_time_zone", c => c.QuietTimeZone),
        new TimeBulkColumn<StoredContactPoint>("verified_at", c => c.VerifiedAt),
        new BooleanBulkColumn<StoredContactPoint>("enabled", c => c.Enabled),
        new TextBulkColumn<StoredContactPoint>("source", c => KebabCase.WordOf(c.Source)),
        new TimeBulkColumn<StoredContactPoint>("created_at", c => c.CreatedAt),
        new TimeBulkColumn<StoredContactPoint>("changed_at", c => c.ChangedAt));

    public static readonly BulkTable<GroupMember> GroupMembers = new(
        "group_members",
        new UuidBulkColumn<GroupMember>("group_id", m => m.GroupId.Value),
        new UuidBulkColumn<GroupMember>("person_id", m => m.PersonId.Value),
        new TextBulkColumn<GroupMember>("source", m => KebabCase.WordOf(m.Source)));

    public static readonly BulkTable<FunctionHolder> FunctionHolders = new(
        "function_holders",
        new UuidBulkColumn<FunctionHolder>("function_id", h => h.FunctionId.Value),
        new UuidBulkColumn<FunctionHolder>("person_id", h => h.PersonId.Value),
        new IntegerBulkColumn<FunctionHolder>("rank", h => h.Rank),
        new TextBulkColumn<FunctionHolder>("source", h => KebabCase.WordOf(h.Source)));

    public static readonly BulkTable<ListMember> ListMembers = new(
        "list_members",
        new UuidBulkColumn<ListMember>("list_id", m => m.ListId.Value),
        new UuidBulkColumn<ListMember>("person_id", m => m.PersonId.Value));
}
