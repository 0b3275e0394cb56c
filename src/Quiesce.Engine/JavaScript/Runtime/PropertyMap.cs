namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>Properties in insertion order: a plain scan while there are few, hash chains from nine on.</summary>
internal sealed class PropertyMap
{
    private const int ScanLimit = 8;

    private Entry[] _entries = new Entry[4];
    private int[]? _buckets;
    private int _removed;

    public int End { get; private set; }

    public ref Entry this[int index] => ref _entries[index];

    public int Find(in PropertyKey key)
    {
        if (_buckets is not null)
        {
            for (var i = _buckets[(uint)key.Hash % (uint)_buckets.Length] - 1; i >= 0; i = _entries[i].Next)
            {
                if (_entries[i].Key.Ref is not null && _entries[i].Key.Equals(key))
                    return i;
            }

            return -1;
        }

        for (var i = 0; i < End; i++)
        {
            ref var entry = ref _entries[i];
            if (entry.Key.Hash == key.Hash && entry.Key.Ref is not null && entry.Key.Equals(key))
                return i;
        }

        return -1;
    }

    public void Add(in PropertyKey key, JsValue value, Attributes attributes)
    {
        if (End == _entries.Length)
            Array.Resize(ref _entries, End * 2);
        _entries[End] = new Entry { Key = key, Value = value, Attributes = attributes };
        End++;
        if (_buckets is null ? End > ScanLimit : End > _buckets.Length)
            Rehash();
        else if (_buckets is not null)
            Link(End - 1);
    }

    public void Remove(int index)
    {
        _entries[index].Key = default;
        _entries[index].Value = default;
        if (++_removed <= 16 || _removed <= End / 2)
            return;
        _entries = [.. _entries.Take(End).Where(entry => entry.Key.Ref is not null), default, default];
        End = _entries.Length - 2;
        _removed = 0;
        _buckets = null;
        if (End > ScanLimit)
            Rehash();
    }

    private void Rehash()
    {
        _buckets = new int[Math.Max(16, End * 2)];
        for (var i = 0; i < End; i++)
            Link(i);
    }

    private void Link(int index)
    {
        ref var bucket = ref _buckets![(uint)_entries[index].Key.Hash % (uint)_buckets.Length];
        _entries[index].Next = bucket - 1;
        bucket = index + 1;
    }

    internal struct Entry
    {
        public PropertyKey Key;
        public JsValue Value;
        public int Next;
        public Attributes Attributes;
    }
}
