namespace Tocsin.Alerting.Audience;

/// <summary>What people call the things an audience names; null for what no longer exists.</summary>
public interface IAudienceNames
{
    string? NameOf(PersonId person);

    string? NameOf(GroupId group);

    string? NameOf(SiteId site);

    string? NameOf(FunctionId function);

    string? NameOf(RotaId rota);

    string? NameOf(ListId list);
}
