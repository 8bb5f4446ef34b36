namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>A table of at most <paramref name="capacity"/> entries; the one used longest ago makes room. Not thread-safe.</summary>
internal sealed class RecentlyUsedTable<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> byUse = new();

    public int Count => nodes.Count;

    public TValue GetOrAdd(TKey key, Func<TValue> create)
    {
        if (nodes.TryGetValue(key, out var node))
        {
            byUse.Remove(node);
        }
        else
        {
            if (nodes.Count >= capacity) RemoveOldest();
            node = new LinkedListNode<(TKey, TValue)>((key, create()));
            nodes[key] = node;
        }

        byUse.AddLast(node);
        return node.Value.Value;
    }

    private void RemoveOldest()
    {
        nodes.Remove(byUse.First!.Value.Key);
        byUse.RemoveFirst();
    }
}
