using System.Buffers.Binary;
using System.Numerics;
using Quiesce.Engine.JavaScript.Runtime;

namespace Quiesce.Engine.JavaScript.Builtins;

internal enum ElementKind { Uint8, Int8, Uint8Clamped, Uint16, Int16, Uint32, Int32, Float32, Float64, BigInt64, BigUint64 }

internal sealed class JsBuffer(JsObject prototype, byte[] data) : JsObject(prototype)
{
    public byte[] Data => data;

    public override string ClassName => "ArrayBuffer";
}

/// <summary>Numbers side by side in a buffer.</summary>
internal sealed class JsTypedArray(JsObject prototype, ElementKind kind, JsBuffer buffer, int offset, int length) : JsObject(prototype)
{
    public ElementKind Kind => kind;
    public JsBuffer Buffer => buffer;
    public int Offset => offset;
    public int Length => length;
    public int Size => SizeOf(kind);
    public Span<byte> Bytes => buffer.Data.AsSpan(offset, length * Size);

    public override string ClassName => kind + "Array";

    public static int SizeOf(ElementKind kind) => kind switch
    {
        ElementKind.Uint8 or ElementKind.Int8 or ElementKind.Uint8Clamped => 1,
        ElementKind.Uint16 or ElementKind.Int16 => 2,
        ElementKind.Uint32 or ElementKind.Int32 or ElementKind.Float32 => 4,
        _ => 8,
    };

    public override JsValue GetIndex(uint index) => index < length ? Read(kind, buffer.Data.AsSpan(offset + (int)index * Size), true) : JsValue.Undefined;

    public override bool HasIndex(uint index) => index < length;

    public override bool SetIndex(uint index, JsValue value)
    {
        var bits = ToElement(kind, value);
        if (index < length)
            Write(kind, buffer.Data.AsSpan(offset + (int)index * Size), bits, true);
        return true;
    }

    public override bool TryGetOwn(in PropertyKey key, out Property property)
    {
        if (!key.IsIndex(out var index))
            return base.TryGetOwn(key, out property);
        property = index < length ? new(GetIndex(index), Attributes.All) : default;
        return index < length;
    }

    public override bool Set(in PropertyKey key, JsValue value, JsValue receiver) => key.IsIndex(out var index) ? SetIndex(index, value) : base.Set(key, value, receiver);

    public override bool DefineOwn(in PropertyKey key, Descriptor change)
    {
        if (!key.IsIndex(out var index))
            return base.DefineOwn(key, change);
        return index < length && !change.IsAccessor && (change.Value is not { } value || SetIndex(index, value));
    }

    public override bool Delete(in PropertyKey key) => key.IsIndex(out var index) ? index >= length : base.Delete(key);

    public override List<PropertyKey> OwnKeys()
    {
        Realm.Current.Budget.Steps(length);
        var keys = base.OwnKeys();
        keys.InsertRange(0, Enumerable.Range(0, length).Select(i => PropertyKey.Of((uint)i)));
        return keys;
    }

    public static JsValue ToElement(ElementKind kind, JsValue value) => kind is ElementKind.BigInt64 or ElementKind.BigUint64 ? Coerce.ToBigInt(value) : Coerce.ToNumber(value);

    public static JsValue Read(ElementKind kind, ReadOnlySpan<byte> from, bool little)
    {
        Span<byte> bytes = stackalloc byte[8];
        from[..SizeOf(kind)].CopyTo(bytes);
        if (!little)
            bytes[..SizeOf(kind)].Reverse();
        return kind switch
        {
            ElementKind.Uint8 or ElementKind.Uint8Clamped => bytes[0],
            ElementKind.Int8 => (sbyte)bytes[0],
            ElementKind.Uint16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            ElementKind.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            ElementKind.Uint32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            ElementKind.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ElementKind.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            ElementKind.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            ElementKind.BigInt64 => new BigInteger(BinaryPrimitives.ReadInt64LittleEndian(bytes)),
            _ => new BigInteger(BinaryPrimitives.ReadUInt64LittleEndian(bytes)),
        };
    }

    public static void Write(ElementKind kind, Span<byte> to, JsValue value, bool little)
    {
        Span<byte> bytes = stackalloc byte[8];
        switch (kind)
        {
            case ElementKind.Float32: BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value.Number); break;
            case ElementKind.Float64: BinaryPrimitives.WriteDoubleLittleEndian(bytes, value.Number); break;
            case ElementKind.BigInt64 or ElementKind.BigUint64: BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)(value.AsBigInt & ulong.MaxValue)); break;
            case ElementKind.Uint8Clamped: bytes[0] = double.IsNaN(value.Number) ? (byte)0 : (byte)Math.Clamp(Math.Round(value.Number, MidpointRounding.ToEven), 0, 255); break;
            default: BinaryPrimitives.WriteInt32LittleEndian(bytes, Coerce.ToInt32(value.Number)); break;
        }

        var size = SizeOf(kind);
        if (!little)
            bytes[..size].Reverse();
        bytes[..size].CopyTo(to);
    }
}

internal static class TypedArrayBuiltins
{
    private static readonly string[] Shared =
    [
        "join", "indexOf", "lastIndexOf", "includes", "find", "findIndex", "findLast", "findLastIndex", "forEach", "some", "every", "reduce", "reduceRight", "at",
        "keys", "values", "entries", "fill", "reverse", "sort", "copyWithin", "toLocaleString", "toString",
    ];

    private static readonly Template Prototype = Build();

    private static readonly Template BufferPrototype = new Template()
        .Lazy("constructor", realm => realm.Constructor("ArrayBuffer", BufferConstructor))
        .Getter("byteLength", "byteLength", (_, self, _) => Arguments.This<JsBuffer>(self, "buffer").Data.Length)
        .Method("slice", 2, (realm, self, a) =>
        {
            var data = Arguments.This<JsBuffer>(self, "buffer").Data;
            var (from, to) = ((int)Coerce.ToRelative(a.At(0), data.Length, 0), (int)Coerce.ToRelative(a.At(1), data.Length, data.Length));
            return NewBuffer(realm, from < to ? data[from..to] : []);
        })
        .Tag("ArrayBuffer");

    public static JsBuffer NewBuffer(Realm realm, byte[] data) => new(realm.Prototype("ArrayBuffer", BufferPrototype), data);

    public static JsTypedArray FromBytes(Realm realm, byte[] data) => Make(realm, ElementKind.Uint8, NewBuffer(realm, data), 0, data.Length);

    private static JsObject PrototypeOf(Realm realm, ElementKind kind)
    {
        var shared = realm.Prototype("TypedArray", Prototype);
        return realm.Prototype(kind + "Array", Own[kind], shared);
    }

    private static readonly Dictionary<ElementKind, Template> Own = Enum.GetValues<ElementKind>().ToDictionary(kind => kind, kind => new Template()
        .Lazy("constructor", realm => realm.Constructor(kind + "Array", r => Constructor(r, kind)))
        .Value("BYTES_PER_ELEMENT", JsTypedArray.SizeOf(kind)));

    private static JsTypedArray Make(Realm realm, ElementKind kind, JsBuffer buffer, int offset, int length) => new(PrototypeOf(realm, kind), kind, buffer, offset, length);

    private static JsTypedArray Make(Realm realm, ElementKind kind, double length)
    {
        var bytes = length * JsTypedArray.SizeOf(kind);
        if (bytes > int.MaxValue / 2)
            throw Errors.Range("The typed array would be too long.");
        realm.Budget.Reserve((long)bytes);
        return Make(realm, kind, NewBuffer(realm, new byte[(int)bytes]), 0, (int)length);
    }

    private static JsTypedArray Make(Realm realm, ElementKind kind, JsValue[] values)
    {
        var made = Make(realm, kind, values.Length);
        for (var i = 0; i < values.Length; i++)
            made.SetIndex((uint)i, values[i]);
        return made;
    }

    public static JsObject BufferConstructor(Realm realm)
    {
        var prototype = realm.Prototype("ArrayBuffer", BufferPrototype);
        var type = new NativeFunction(realm, "ArrayBuffer", 1, (_, _, _) => throw Errors.Type("ArrayBuffer needs new."), (r, a, _) =>
        {
            var length = Coerce.ToIndex(a.At(0));
            if (length > int.MaxValue / 2)
                throw Errors.Range("The buffer would be too long.");
            r.Budget.Reserve((long)length);
            return NewBuffer(r, new byte[(int)length]);
        });
        type.WriteOwn("prototype", new(prototype, Attributes.None));
        return type.WithTemplate(new Template().Method("isView", 1, (_, _, a) => a.At(0).Ref is JsTypedArray or JsDataView));
    }

    public static JsObject Constructor(Realm realm, ElementKind kind)
    {
        var type = new NativeFunction(realm, kind + "Array", 3, (_, _, _) => throw Errors.Type($"{kind}Array needs new."), (r, a, _) =>
        {
            if (a.At(0).Ref is JsBuffer buffer)
            {
                var size = JsTypedArray.SizeOf(kind);
                var offset = Coerce.ToIndex(a.At(1));
                var length = a.At(2).IsUndefined ? Math.Floor((buffer.Data.Length - offset) / size) : Coerce.ToIndex(a[2]);
                if (offset % size != 0 || length < 0 || offset + length * size > buffer.Data.Length)
                    throw Errors.Range("The view does not fit the buffer.");
                return Make(r, kind, buffer, (int)offset, (int)length);
            }

            if (a.At(0).Ref is not JsObject source)
                return Make(r, kind, Coerce.ToIndex(a.At(0)));
            return Make(r, kind, source.Has(Symbol.Iterator) ? Iteration.ToArray(source) : FunctionBuiltins.ToList(source));
        });
        type.WriteOwn("prototype", new(PrototypeOf(realm, kind), Attributes.None));
        return type.WithTemplate(new Template()
            .Value("BYTES_PER_ELEMENT", JsTypedArray.SizeOf(kind))
            .Method("of", 0, (r, _, a) => Make(r, kind, a))
            .Method("from", 1, (r, _, a) =>
            {
                var values = a.At(0).Ref is JsObject list && !list.Has(Symbol.Iterator) ? FunctionBuiltins.ToList(list) : Iteration.ToArray(a.At(0));
                return Make(r, kind, a.At(1).IsCallable ? [.. values.Select((value, i) => a[1].AsObject.Call(a.At(2), [value, i]))] : values);
            }));
    }

    private static Template Build()
    {
        var template = new Template();
        foreach (var name in Shared)
            template.Lazy(name, realm => realm.ArrayPrototype.Get(name));
        return template
            .Lazy(Symbol.Iterator, realm => realm.ArrayValues)
            .Getter("length", "length", (_, self, _) => Self(self).Length)
            .Getter("byteLength", "byteLength", (_, self, _) => Self(self).Bytes.Length)
            .Getter("byteOffset", "byteOffset", (_, self, _) => Self(self).Offset)
            .Getter("buffer", "buffer", (_, self, _) => Self(self).Buffer)
            .Getter(Symbol.ToStringTag, "[Symbol.toStringTag]", (_, self, _) => self.Ref is JsTypedArray array ? array.ClassName : JsValue.Undefined)
            .Method("map", 1, (realm, self, a) => Make(realm, Self(self).Kind, [.. FunctionBuiltins.ToList(self).Select((value, i) => a.Function(0).Call(a.At(1), [value, i, self]))]))
            .Method("filter", 1, (realm, self, a) => Make(realm, Self(self).Kind, [.. FunctionBuiltins.ToList(self).Where((value, i) => Coerce.ToBool(a.Function(0).Call(a.At(1), [value, i, self])))]))
            .Method("slice", 2, (realm, self, a) =>
            {
                var values = FunctionBuiltins.ToList(self);
                var (from, to) = ((int)Coerce.ToRelative(a.At(0), values.Length, 0), (int)Coerce.ToRelative(a.At(1), values.Length, values.Length));
                return Make(realm, Self(self).Kind, from < to ? values[from..to] : []);
            })
            .Method("subarray", 2, (realm, self, a) =>
            {
                var array = Self(self);
                var from = (int)Coerce.ToRelative(a.At(0), array.Length, 0);
                var to = Math.Max(from, (int)Coerce.ToRelative(a.At(1), array.Length, array.Length));
                return Make(realm, array.Kind, array.Buffer, array.Offset + from * array.Size, to - from);
            })
            .Method("set", 1, (_, self, a) =>
            {
                var values = FunctionBuiltins.ToList(a.At(0));
                var offset = Coerce.ToIndex(a.At(1));
                if (offset + values.Length > Self(self).Length)
                    throw Errors.Range("The values do not fit the typed array.");
                for (var i = 0; i < values.Length; i++)
                    Self(self).SetIndex((uint)(offset + i), values[i]);
                return JsValue.Undefined;
            });
    }

    private static JsTypedArray Self(JsValue value) => Arguments.This<JsTypedArray>(value, "typed array");
}

internal sealed class JsDataView(JsObject prototype, JsBuffer buffer, int offset, int length) : JsObject(prototype)
{
    public JsBuffer Buffer => buffer;
    public int Offset => offset;
    public int Length => length;

    public Span<byte> At(JsValue position, int size)
    {
        var at = Coerce.ToIndex(position);
        return at + size <= length ? buffer.Data.AsSpan(offset + (int)at, size) : throw Errors.Range("The place lies outside the view.");
    }
}

internal static class DataViewBuiltins
{
    private static readonly Template Prototype = Build();

    public static JsObject Constructor(Realm realm)
    {
        var prototype = realm.Prototype("DataView", Prototype);
        var type = new NativeFunction(realm, "DataView", 1, (_, _, _) => throw Errors.Type("DataView needs new."), (_, a, _) =>
        {
            var buffer = Arguments.This<JsBuffer>(a.At(0), "buffer");
            var offset = Coerce.ToIndex(a.At(1));
            var length = a.At(2).IsUndefined ? buffer.Data.Length - offset : Coerce.ToIndex(a[2]);
            return length >= 0 && offset + length <= buffer.Data.Length ? new JsDataView(prototype, buffer, (int)offset, (int)length) : throw Errors.Range("The view does not fit the buffer.");
        });
        type.WriteOwn("prototype", new(prototype, Attributes.None));
        return type;
    }

    private static Template Build()
    {
        var template = new Template()
            .Lazy("constructor", realm => realm.Constructor("DataView", Constructor))
            .Getter("buffer", "buffer", (_, self, _) => Self(self).Buffer)
            .Getter("byteLength", "byteLength", (_, self, _) => Self(self).Length)
            .Getter("byteOffset", "byteOffset", (_, self, _) => Self(self).Offset)
            .Tag("DataView");
        foreach (var kind in Enum.GetValues<ElementKind>().Where(kind => kind != ElementKind.Uint8Clamped))
        {
            var size = JsTypedArray.SizeOf(kind);
            template.Method("get" + kind, 1, (_, self, a) => JsTypedArray.Read(kind, Self(self).At(a.At(0), size), Coerce.ToBool(a.At(1))));
            template.Method("set" + kind, 2, (_, self, a) =>
            {
                JsTypedArray.Write(kind, Self(self).At(a.At(0), size), JsTypedArray.ToElement(kind, a.At(1)), Coerce.ToBool(a.At(2)));
                return JsValue.Undefined;
            });
        }

        return template;
    }

    private static JsDataView Self(JsValue value) => Arguments.This<JsDataView>(value, "data view");
}
