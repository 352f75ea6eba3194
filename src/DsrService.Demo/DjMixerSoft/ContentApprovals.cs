using System.Security.Cryptography;
using DsrService.Demo.Stores;
using Npgsql;

namespace DsrService.Demo.DjMixerSoft;

/// <summary>What administrators of accounts are asked and told about the reading of content. The mails are djmixersoft's own;
/// they come to the demo's mailbox like all others.</summary>
internal static class ContentApprovals
{
    public static string Tables(string schema) => $"""
        create table if not exists {schema}.reading (task_id uuid not null, administrator text not null, at timestamptz not null, approved boolean not null);
        create table if not exists {schema}.approval (
            task_id uuid not null, administrator text not null, token text not null unique, approved_at timestamptz,
            primary key (task_id, administrator));
        """;

    public static async Task Tell(TaskWork work, string administrator, CancellationToken cancel)
    {
        var (schema, now) = (work.Store.Schema, work.Store.Clock.GetUtcNow());
        await work.Run($"insert into {schema}.reading values (@task, @to, @now, false)", cancel,
            ("task", work.Task.TaskId), ("to", administrator), ("now", now));
        await Mail(work.Connection, administrator, $"{work.Task.TaskId:N}.told", "Content of your account was read",
            "Documents and files of your DJMixerSoft account were read to answer a request under data protection law. Nobody else has seen them.",
            now, cancel);
    }

    public static async Task<bool> Given(TaskWork work, string administrator, CancellationToken cancel)
    {
        var schema = work.Store.Schema;
        if (await Sql.Count(work.Connection,
            $"select count(*) from {schema}.approval where task_id = @task and administrator = @to and approved_at is not null", cancel,
            ("task", work.Task.TaskId), ("to", administrator)) == 0)
            return false;
        await work.Run($"insert into {schema}.reading values (@task, @to, @now, true)", cancel,
            ("task", work.Task.TaskId), ("to", administrator), ("now", work.Store.Clock.GetUtcNow()));
        return true;
    }

    /// <summary>Once for a task, and beside the work, which is undone until the answer is there.</summary>
    public static async Task Ask(ContentStore store, Guid task, string administrator, CancellationToken cancel)
    {
        await using var connection = await store.Database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        if (await Sql.Run(connection, $"insert into {store.Schema}.approval values (@task, @to, @token, null) on conflict do nothing", cancel,
            ("task", task), ("to", administrator), ("token", token)) > 0)
            await Mail(connection, administrator, $"{task:N}.asked", "May content of your account be read?",
                $"To answer a request under data protection law, documents and files of your DJMixerSoft account have to be read. Approve it here: {store.ApprovalPage(token)}",
                store.Clock.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>The administrator's answer; false for a token that is none.</summary>
    public static async Task<bool> Approve(DemoStore store, string token, CancellationToken cancel)
    {
        await using var connection = await store.Database.OpenConnectionAsync(cancel);
        return await Sql.Run(connection,
            $"update {store.Schema}.approval set approved_at = coalesce(approved_at, @now) where token = @token", cancel,
            ("now", store.Clock.GetUtcNow()), ("token", token)) > 0;
    }

    private static Task<int> Mail(
        NpgsqlConnection connection, string to, string id, string subject, string text, DateTimeOffset at, CancellationToken cancel) =>
        Sql.Run(connection, """
            insert into demo.mail (message_id, recipient, subject, body, caught_at) values (@id, @to, @subject, @text, @now)
            on conflict (message_id) do nothing
            """, cancel, ("id", id), ("to", to), ("subject", subject), ("text", text), ("now", at));
}
