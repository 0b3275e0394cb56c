namespace Quiesce.Engine.JavaScript.Runtime;

/// <summary>An array: elements side by side as long as there are no large gaps and no special attributes, else as ordinary properties.</summary>
internal sealed class JsArray : JsObject
{
    private const uint LargestGap = 1024;

    private JsValue[] _items;
    private int _count;
    private uint _length;
    private bool _dense = true;
    private bool _fixedLength;

    public JsArray(JsObject prototype, JsValue[] items) : base(prototype)
    {
        _items = items;
        _count = items.Length;
        _length = (uint)items.Length;
    }

    public override string ClassName => "Array";

    public uint Length => _length;

    public bool IsDense => _dense && _count == _length;

    /// <summary>Iterating it is nothing but walking the elements.</summary>
    public bool HasOrdinaryIterator
    {
        get
        {
            var realm = Realm.Current;
            return ReferenceEquals(GetPrototype(), realm.ArrayPrototype) && !base.TryGetOwn(Symbol.Iterator, out _)
                && realm.ArrayPrototype.TryGetOwn(Symbol.Iterator, out var method) && ReferenceEquals(method.Value.Ref, realm.ArrayValues);
        }
    }

    public ReadOnlySpan<JsValue> Items => _items.AsSpan(0, _count);

    public override bool TryGetOwn(in PropertyKey key, out Property property)
    {
        if (key.Ref is string name)
        {
            if (name == "length")
            {
                property = new(_length, _fixedLength ? Attributes.None : Attributes.Writable);
                return true;
            }

            if (_dense && key.IsIndex(out var index))
            {
                var found = index < _count && !_items[index].IsHole;
                property = found ? new(_items[index], Attributes.All) : default;
                return found;
            }
        }

        return base.TryGetOwn(key, out property);
    }

    public override JsValue GetIndex(uint index) =>
        _dense && index < _count && !_items[index].IsHole ? _items[index] : base.GetIndex(index);

    public override bool HasIndex(uint index) => _dense && index < _count && !_items[index].IsHole || base.HasIndex(index);

    public override bool SetIndex(uint index, JsValue value)
    {
        if (_dense && index < _count && !_items[index].IsHole)
        {
            _items[index] = value;
            return true;
        }

        // A gap may be answered by a setter or a read-only element further up; that is rare enough to ask only then.
        if (_dense && ExtensibleFlag && !_fixedLength && index == _count && index == _length && ReferenceEquals(GetPrototype(), Realm.Current.ArrayPrototype))
        {
            Push(value);
            return true;
        }

        return base.SetIndex(index, value);
    }

    public void Push(JsValue value)
    {
        if (!_dense || _count != _length || !ExtensibleFlag || _fixedLength)
        {
            Put(PropertyKey.Of(_length), value);
            return;
        }

        if (_count == _items.Length)
        {
            var size = Math.Max(4, _items.Length * 2);
            Realm.Current.Budget.Reserve(size * 16L);
            Array.Resize(ref _items, size);
        }

        _items[_count++] = value;
        _length = (uint)_count;
    }

    /// <summary>Takes the first element off without visiting the others; false when the array is not an ordinary one.</summary>
    public bool RemoveFirst()
    {
        if (!IsDense || _fixedLength || !ExtensibleFlag)
            return false;
        Array.Copy(_items, 1, _items, 0, --_count);
        _items[_count] = default;
        _length = (uint)_count;
        return true;
    }

    public override bool DefineOwn(in PropertyKey key, Descriptor change)
    {
        if (key.Ref is string and "length")
            return DefineLength(change);
        if (!key.IsIndex(out var index))
            return base.DefineOwn(key, change);
        if (index >= _length && _fixedLength)
            return false;
        if (!_dense)
        {
            if (!base.DefineOwn(key, change))
                return false;
            _length = Math.Max(_length, index + 1);
            return true;
        }

        var exists = TryGetOwn(key, out var current);
        if (!exists && !ExtensibleFlag)
            return false;
        var merged = Merge(current, change);
        if (merged.Attributes != Attributes.All || merged.Accessor is not null || index > _count + LargestGap)
        {
            MakeSparse();
            return DefineOwn(key, change);
        }

        if (index >= _count)
        {
            if (index >= _items.Length)
                Array.Resize(ref _items, (int)Math.Max(index + 1, _items.Length * 2));
            for (var i = _count; i < index; i++)
                _items[i] = JsValue.Hole;
            _count = (int)index + 1;
        }

        _items[index] = merged.Value;
        _length = Math.Max(_length, index + 1);
        return true;
    }

    private bool DefineLength(Descriptor change)
    {
        if (change.IsAccessor || change.Configurable == true || change.Enumerable == true)
            return false;
        if (change.Value is { } value)
        {
            var length = Coerce.ToUInt32(value);
            if (length != Coerce.ToNumber(value))
                throw Errors.Range("An array's length must be a whole number from 0 to 4294967295.");
            if (length != _length && _fixedLength)
                return false;
            if (!Resize(length))
                return false;
        }

        if (_fixedLength && change.Writable == true)
            return false;
        _fixedLength |= change.Writable == false;
        return true;
    }

    private bool Resize(uint length)
    {
        if (_dense)
        {
            if (length < _count)
            {
                Array.Clear(_items, (int)length, _count - (int)length);
                _count = (int)length;
            }

            _length = length;
            return true;
        }

        if (length < _length)
        {
            foreach (var key in Enumerable.Reverse(base.OwnKeys()))
            {
                if (!key.IsIndex(out var index) || index < length || base.Delete(key))
                    continue;
                _length = index + 1;
                return false;
            }
        }

        _length = length;
        return true;
    }

    public override bool Delete(in PropertyKey key)
    {
        if (key.Ref is string and "length")
            return false;
        if (!_dense || !key.IsIndex(out var index))
            return base.Delete(key);
        if (index < _count)
            _items[index] = JsValue.Hole;
        return true;
    }

    public override List<PropertyKey> OwnKeys()
    {
        var keys = base.OwnKeys();
        if (_dense)
        {
            Realm.Current.Budget.Steps(_count);
            keys.InsertRange(0, Enumerable.Range(0, _count).Where(i => !_items[i].IsHole).Select(i => PropertyKey.Of((uint)i)));
        }

        var indices = 0;
        while (indices < keys.Count && keys[indices].IsIndex(out _))
            indices++;
        keys.Insert(indices, "length");
        return keys;
    }

    public override bool PreventExtensions()
    {
        base.PreventExtensions();
        MakeSparse();
        return true;
    }

    private void MakeSparse()
    {
        if (!_dense)
            return;
        _dense = false;
        for (var i = 0; i < _count; i++)
        {
            if (!_items[i].IsHole)
                WriteOwn(PropertyKey.Of((uint)i), new(_items[i], Attributes.All));
        }

        _items = [];
        _count = 0;
    }
}
