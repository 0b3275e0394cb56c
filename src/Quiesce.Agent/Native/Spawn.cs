using System.Runtime.InteropServices;
using System.Text;

namespace Quiesce.Agent.Native;

/// <summary>
/// Starts programs without forking this one: own session (so own process group), every signal back to its default, and no descriptor but the three named.
/// </summary>
internal static unsafe partial class Spawn
{
    private const string Library = "libc";
    private const short SetSignalDefaults = 0x04, SetSignalMask = 0x08, NewSession = 0x80;

    [LibraryImport(Library, EntryPoint = "posix_spawn")] private static partial int PosixSpawn(int* pid, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);
    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")] private static partial int ActionsInit(void* actions);
    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")] private static partial int ActionsDestroy(void* actions);
    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")] private static partial int AddDup2(void* actions, int from, int to);
    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addopen")] private static partial int AddOpen(void* actions, int fd, byte* path, int flags, uint mode);
    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")] private static partial int AttributesInit(void* attributes);
    [LibraryImport(Library, EntryPoint = "posix_spawnattr_destroy")] private static partial int AttributesDestroy(void* attributes);
    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")] private static partial int SetFlags(void* attributes, short flags);
    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")] private static partial int SetDefaults(void* attributes, void* signals);
    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigmask")] private static partial int SetMask(void* attributes, void* signals);
    [LibraryImport(Library, EntryPoint = "sigfillset")] private static partial int SigFillSet(void* signals);
    [LibraryImport(Library, EntryPoint = "sigemptyset")] private static partial int SigEmptySet(void* signals);

    /// <summary>The process id; 0 with the errno in <paramref name="error"/> where it could not be started.</summary>
    /// <param name="input">Descriptor to become stdin, or -1 for nothing to read. The same for the other two, which then lead nowhere.</param>
    public static int Start(string path, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, int input, int output, int errors, out int error)
    {
        // The C library's structures are 80 and 336 bytes; their size is not part of any promise, so there is plenty of room.
        var actions = stackalloc byte[1024];
        var attributes = stackalloc byte[1024];
        var signals = stackalloc byte[256];
        _ = ActionsInit(actions);
        _ = AttributesInit(attributes);
        var nowhere = Files.Name("/dev/null");
        fixed (byte* nowhereText = nowhere)
        fixed (byte* pathText = Files.Name(path))
        {
            Wire(actions, input, 0, nowhereText);
            Wire(actions, output, 1, nowhereText);
            Wire(actions, errors, 2, nowhereText);
            _ = SigFillSet(signals);
            _ = SetDefaults(attributes, signals);
            _ = SigEmptySet(signals);
            _ = SetMask(attributes, signals);
            _ = SetFlags(attributes, SetSignalDefaults | SetSignalMask | NewSession);

            var argumentBlock = Block([path, .. arguments]);
            var environmentBlock = Block(environment.Select(pair => $"{pair.Key}={pair.Value}").ToList());
            try
            {
                var pid = 0;
                error = PosixSpawn(&pid, pathText, actions, attributes, argumentBlock, environmentBlock);
                return error == 0 ? pid : 0;
            }
            finally
            {
                NativeMemory.Free(argumentBlock);
                NativeMemory.Free(environmentBlock);
                _ = ActionsDestroy(actions);
                _ = AttributesDestroy(attributes);
            }
        }
    }

    private static void Wire(void* actions, int from, int to, byte* nowhere)
    {
        if (from >= 0)
            _ = AddDup2(actions, from, to);
        else
            _ = AddOpen(actions, to, nowhere, Files.O_RDWR, 0);
    }

    /// <summary>One piece of memory with the pointers first and the strings behind them.</summary>
    private static byte** Block(List<string> texts)
    {
        var size = (nuint)((texts.Count + 1) * sizeof(byte*) + texts.Sum(text => Encoding.UTF8.GetByteCount(text) + 1));
        var block = (byte**)NativeMemory.Alloc(size);
        var next = (byte*)(block + texts.Count + 1);
        for (var i = 0; i < texts.Count; i++)
        {
            block[i] = next;
            var length = Encoding.UTF8.GetBytes(texts[i], new Span<byte>(next, Encoding.UTF8.GetByteCount(texts[i])));
            next[length] = 0;
            next += length + 1;
        }
        block[texts.Count] = null;
        return block;
    }
}
