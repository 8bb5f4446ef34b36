namespace Tocsin.Alerting;

/// <summary>An identifier that is stored and sent as a UUID (RFC 9562, version 7, so that it sorts by creation).</summary>
public interface IUuid<TSelf>
    where TSelf : struct, IUuid<TSelf>
{
    Guid Value { get; }

    static abstract TSelf From(Guid value);
}

/// <summary>A person of the directory, with or without an account.</summary>
public readonly record struct PersonId(Guid Value) : IUuid<PersonId>
{
    public static PersonId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>A group of people; groups nest.</summary>
public readonly record struct GroupId(Guid Value) : IUuid<GroupId>
{
    public static GroupId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>A place where people work.</summary>
public readonly record struct SiteId(Guid Value) : IUuid<SiteId>
{
    public static SiteId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>A crisis function (ISO 22320: role), such as "incident commander", held by people.</summary>
public readonly record struct FunctionId(Guid Value) : IUuid<FunctionId>
{
    public static FunctionId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>A duty rota: who is on duty when.</summary>
public readonly record struct RotaId(Guid Value) : IUuid<RotaId>
{
    public static RotaId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>One address at which a person can be reached.</summary>
public readonly record struct ContactPointId(Guid Value) : IUuid<ContactPointId>
{
    public static ContactPointId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>A named list of people, kept by hand or by import.</summary>
public readonly record struct ListId(Guid Value) : IUuid<ListId>
{
    public static ListId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>A meeting or crisis room.</summary>
public readonly record struct RoomId(Guid Value) : IUuid<RoomId>
{
    public static RoomId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>A prepared alert.</summary>
public readonly record struct ScenarioId(Guid Value) : IUuid<ScenarioId>
{
    public static ScenarioId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>An alert that was raised.</summary>
public readonly record struct AlertId(Guid Value) : IUuid<AlertId>
{
    public static AlertId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>One person told by one alert. A dense number, so that a link fits in an SMS. Safe to log.</summary>
public readonly record struct RecipientId(long Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>One message to one contact point of one recipient. Safe to log.</summary>
public readonly record struct DeliveryId(long Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
