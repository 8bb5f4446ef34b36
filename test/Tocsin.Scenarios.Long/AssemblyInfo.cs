// Each scenario drives a server and its carriers as hard as the machine can: two at once would only slow each other down.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
