using Tocsin.Alerting;

namespace Tocsin.Storage.Model;

/// <summary>An account that can sign in; it belongs to one person.</summary>
public readonly record struct AccountId(Guid Value) : IUuid<AccountId>
{
    public static AccountId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}
