using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Quiesce.Server.Hosting;

/// <summary>Writes log entries as lines, from a level on.</summary>
internal sealed class LineLog(TextWriter writer, LogLevel least, TimeProvider time) : ILoggerProvider
{
    private readonly Lock _lock = new();

    /// <summary>Opens a log file that only this account can read; it goes on where the last process ended.</summary>
    public static TextWriter Open(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new StreamWriter(path, options) { AutoFlush = true };
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
        if (writer is StreamWriter { BaseStream: FileStream })
            writer.Dispose();
    }

    private void Write(LogLevel level, string category, string message, Exception? exception)
    {
        var line = $"{time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} {level.ToString().ToLowerInvariant()} {category}: {message}";
        lock (_lock)
        {
            writer.WriteLine(line);
            if (exception is not null)
                writer.WriteLine(exception);
        }
    }

    private sealed class Category(LineLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= log.Least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                log.Write(logLevel, name, formatter(state, exception), exception);
        }
    }

    private LogLevel Least => least;
}
