using System.Text.Json;
using DsrService.Connectors.OpenDsr;
using DsrService.Demo.Stores;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using Npgsql;

namespace DsrService.Demo.Systems.Peers;

/// <summary>What a demo peer remembers of the requests it was sent and of what it found.</summary>
internal sealed class PeerStore(NpgsqlDataSource database)
{
    /// <summary>False where it is known already.</summary>
    public async Task<bool> Add(SystemTask task, string type, string? callback, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await Sql.Run(connection, """
            insert into demo.peer_request (id, controller, system, type, task, callback, status, received_at)
            values (@id, @controller, @system, @type, @task, @callback, 'pending', @now) on conflict do nothing
            """, cancel, ("id", task.TaskId), ("controller", task.Controller), ("system", task.System), ("type", type),
            ("task", JsonSerializer.Serialize(task, DsrJson.Options)), ("callback", (object?)callback ?? DBNull.Value), ("now", task.IssuedAt)) > 0;
    }

    public async Task<StoredPeerRequest?> Find(string controller, string system, Guid id, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return (await Sql.List(connection, "select type, task, callback, status, answer, received_at from demo.peer_request where id = @id and controller = @controller and system = @system",
            row => new StoredPeerRequest(row.GetString(0), JsonSerializer.Deserialize<SystemTask>(row.GetString(1), DsrJson.Options)!,
                row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : JsonSerializer.Deserialize<ExtendedAnswer>(row.GetString(4), DsrJson.Options),
                row.GetFieldValue<DateTimeOffset>(5)),
            cancel, ("id", id), ("controller", controller), ("system", system))).SingleOrDefault();
    }

    /// <summary>False where it is no longer in the state it must be in.</summary>
    public async Task<bool> Move(Guid id, string from, string to, ExtendedAnswer? answer, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await Sql.Run(connection, "update demo.peer_request set status = @to, answer = @answer where id = @id and status = @from", cancel,
            ("id", id), ("from", from), ("to", to), ("answer", answer is null ? DBNull.Value : JsonSerializer.Serialize(answer, DsrJson.Options))) > 0;
    }

    public async Task<int> Keep(Guid id, string part, string category, string contentType, Func<Stream, CancellationToken, Task> write, CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        await write(buffer, cancel);
        var counter = new RecordCounter(contentType);
        counter.Add(buffer.ToArray());
        await using var connection = await database.OpenConnectionAsync(cancel);
        await Sql.Run(connection, """
            insert into demo.peer_result (request, part, category, content_type, content) values (@id, @part, @category, @type, @content)
            on conflict (request, part) do update set content = @content
            """, cancel, ("id", id), ("part", part), ("category", category), ("type", contentType), ("content", buffer.ToArray()));
        return counter.Records;
    }

    public async Task<IReadOnlyList<(string Part, string Category, string ContentType)>> Parts(Guid id, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await Sql.List(connection, "select part, category, content_type from demo.peer_result where request = @id order by part",
            row => (row.GetString(0), row.GetString(1), row.GetString(2)), cancel, ("id", id));
    }

    public async Task<(string ContentType, byte[] Content)?> Part(Guid id, string part, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var found = await Sql.List(connection, "select content_type, content from demo.peer_result where request = @id and part = @part",
            row => (row.GetString(0), row.GetFieldValue<byte[]>(1)), cancel, ("id", id), ("part", part));
        return found.Count > 0 ? found[0] : null;
    }
}

/// <summary>One request as a demo peer knows it; its task's id is the <c>subject_request_id</c>.</summary>
internal sealed record StoredPeerRequest(string Type, SystemTask Task, string? Callback, string Status, ExtendedAnswer? Answer, DateTimeOffset ReceivedAt);
