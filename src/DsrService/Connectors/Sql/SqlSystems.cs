using System.Collections.Concurrent;
using DsrService.DataMap;
using DsrService.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DsrService.Connectors.Sql;

/// <summary>The databases that the data maps name. A mapping is read again when its file changed, and held against the live
/// schema again every minute, or at once after a statement failed: what does not fit has no task begun.</summary>
internal sealed class SqlSystems(DataMaps maps, IOptions<DsrOptions> options, ILogger<SqlSystems> log) : IAsyncDisposable
{
    private const string Folder = "sql";
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Controller, string System), Known> known = [];
    private readonly ConcurrentDictionary<string, NpgsqlDataSource> sources = new(StringComparer.Ordinal);

    /// <summary>The file in which a database's mapping is looked for.</summary>
    public static string FileOf(string folder, string controller, string system) => Path.Combine(folder, Folder, $"{controller}.{system}.yaml");

    /// <summary>What a mapping says, and all that is wrong with it as far as that shows without its database.</summary>
    public static async Task<(SqlMapping? Mapping, string? Problem, IReadOnlyList<DataMapError> Errors)> ReadAsync(
        FileInfo file, string controller, string system, ControllerDataMap? map, CancellationToken cancel)
    {
        if (!file.Exists)
            return (null, "sql.mapping_missing", [new(file.Name, 1, $"there is no such file in the folder {Folder} beside the data maps.")]);
        var read = SqlMappingReader.Read(await File.ReadAllTextAsync(file.FullName, cancel), file.Name, key => key == controller ? map : null);
        if (read.Mapping is not { } mapping)
            return (null, "sql.mapping_refused", read.Errors);
        return mapping.System == system
            ? (mapping, null, [])
            : (null, "sql.mapping_refused", [new(file.Name, 1, $"the file is named for '{system}' and its mapping is of '{mapping.System}'.")]);
    }

    public async Task<SqlState> FindAsync(string controller, string system, CancellationToken cancel)
    {
        var file = new FileInfo(FileOf(options.Value.DataMaps, controller, system));
        var written = file.Exists ? file.LastWriteTimeUtc.Ticks : 0;
        if (known.TryGetValue((controller, system), out var last) && last.Written == written && last.State.System is not null
            && Environment.TickCount64 - last.LookedAt < LookAgain.TotalMilliseconds)
            return last.State;
        var state = await LookAsync(file, controller, system, cancel);
        if (last is null || last.State.Problem != state.Problem || last.Written != written)
            Say(controller, system, state);
        known[(controller, system)] = new(state, written, Environment.TickCount64);
        return state;
    }

    /// <summary>After a statement failed, the schema is no longer what was thought.</summary>
    public void Forget(string controller, string system) => known.TryRemove((controller, system), out _);

    public async ValueTask DisposeAsync()
    {
        foreach (var source in sources.Values)
            await source.DisposeAsync();
    }

    private async Task<SqlState> LookAsync(FileInfo file, string controller, string system, CancellationToken cancel)
    {
        var map = (await maps.CurrentAsync(controller, cancel))?.Map;
        var read = await ReadAsync(file, controller, system, map, cancel);
        if (read.Mapping is not { } mapping)
            return new(null, read.Problem, read.Errors, []);
        if (options.Value.Databases.GetValueOrDefault(controller)?.GetValueOrDefault(system) is not { Length: > 0 } connection)
            return new(null, "sql.no_database", [new(file.Name, 1, $"Dsr:Databases:{controller}:{system} says no connection.")], []);
        try
        {
            var source = sources.GetOrAdd(connection, SqlSystem.Open);
            await using var open = await source.OpenConnectionAsync(cancel);
            var fit = await SchemaChecks.CheckAsync(open, mapping, file.Name, cancel);
            return fit.Problems.Count > 0
                ? new(null, "sql.mapping_unfit", fit.Problems, fit.Warnings)
                : new(new(mapping, fit.Live, source, map!.Controller.TimeZone), null, [], fit.Warnings);
        }
        catch (ArgumentException)
        {
            // The text of the error quotes the value, which may hold a password.
            return new(null, "sql.no_database", [new(file.Name, 1, $"Dsr:Databases:{controller}:{system} is no connection string.")], []);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            return new(null, "sql.unreachable", [new(file.Name, 1, $"the database cannot be asked: {SqlErrors.Code(error)}.")], []);
        }
    }

    private void Say(string controller, string system, SqlState state)
    {
        foreach (var problem in state.Problems)
            log.LogError("No task begins at {Controller}/{System}, {Code}: {File}({Line}): {Message}", controller, system, state.Problem, problem.File, problem.Line, problem.Message);
        foreach (var warning in state.Warnings)
            log.LogWarning("Mapping of {Controller}/{System}: {File}({Line}): {Message}", controller, system, warning.File, warning.Line, warning.Message);
    }

    private sealed record Known(SqlState State, long Written, long LookedAt);
}

/// <summary>A database ready for work, or the code that says why it is not.</summary>
internal sealed record SqlState(SqlSystem? System, string? Problem, IReadOnlyList<DataMapError> Problems, IReadOnlyList<DataMapError> Warnings);
