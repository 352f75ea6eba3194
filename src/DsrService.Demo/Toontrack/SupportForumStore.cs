using System.Runtime.CompilerServices;
using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Sdk;
using Npgsql;

namespace DsrService.Demo.Toontrack;

/// <summary>Members, their posts in threads where others reply, and a mailbox for each. On erasure the threads stay
/// readable: posts lose their author, and what others wrote loses the name.</summary>
internal sealed class SupportForumStore(NpgsqlDataSource database, TimeProvider clock)
    : DemoStore(database, clock, ToontrackSystems.Controller, ToontrackSystems.SupportForum)
{
    private const string Posts = "forum-posts";
    private const string Messages = "private-messages";

    public override IReadOnlyList<string> Needs => ["email"];

    public override IReadOnlyList<StoreCategory> Categories { get; } =
    [
        new(Posts, "post", "posted_at as \"postedAt\", thread, body"),
        new(Messages, "message", "sent_at as \"sentAt\", direction, correspondent, body")
        {
            // The copy in the other member's mailbox is that member's; it only has to lose the name.
            Concerns = "(ref = any(@refs) or correspondent_ref = any(@refs))",
        },
        new("forum-account", "account", "user_name as \"userName\", name, email, joined_on as \"joinedOn\", statement")
        {
            Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["email"] = "email" },
        },
    ];

    public override string Tables => $"""
        create table if not exists {Schema}.account ({StoreTables.Common},
            user_name text not null unique, name text not null, email text not null, joined_on date not null);
        create table if not exists {Schema}.post ({StoreTables.Common},
            thread text not null, posted_at timestamptz not null, author text, body text not null);
        create table if not exists {Schema}.message ({StoreTables.Common},
            correspondent_ref uuid, correspondent text, direction text not null, sent_at timestamptz not null, body text not null);
        create index if not exists account_email on {Schema}.account (lower(email));
        create index if not exists account_ref on {Schema}.account (ref);
        create index if not exists post_ref on {Schema}.post (ref);
        create index if not exists post_thread on {Schema}.post (thread);
        create index if not exists message_ref on {Schema}.message (ref);
        create index if not exists message_correspondent on {Schema}.message (correspondent_ref);
        create or replace view {Schema}.may_be_searched as
            select id, thread, author, body from {Schema}.post where not restricted and not archived;
        """;

    public override string Find => $"select ref from {Schema}.account where lower(email) = any(@email)";

    public override IReadOnlyList<string> Gives => ["user-name"];

    public override string KnownBy => $"""
        select 'user-name', user_name from {Schema}.account where ref = any(@refs)
        """;

    public override async Task Erase(TaskWork work, StoreCategory category, ReceiptDraft draft, CancellationToken cancel)
    {
        if (category.Name is not (Posts or Messages))
        {
            await base.Erase(work, category, draft, cancel);
            return;
        }

        var names = await Names(work, $"select * from {Schema}.account where ref = any(@refs)", cancel);
        if (category.Name == Messages)
            draft.Erased(Messages, await work.Run($"delete from {Schema}.message where ref = any(@refs)", cancel))
                .Anonymised(Messages, await ForgetNames.InMailboxes(work, names, cancel));
        else
            draft.Anonymised(Posts, await ForgetNames.InThreads(work, names, cancel));
    }

    public override async IAsyncEnumerable<string> Read(
        TaskWork work, StoreCategory category, [EnumeratorCancellation] CancellationToken cancel)
    {
        var texts = category.Name is Posts or Messages;
        // Those who share a thread or a mailbox with the person are those whose data may stand in the texts.
        var redaction = !texts ? null : new Redaction(
            await Names(work, $"""
                select * from {Schema}.account where ref <> all(@refs) and ref in (
                    select correspondent_ref from {Schema}.message where ref = any(@refs)
                    union select ref from {Schema}.post where thread in (select thread from {Schema}.post where ref = any(@refs)))
                """, cancel),
            await Names(work, $"select * from {Schema}.account where ref = any(@refs)", cancel));
        await foreach (var row in base.Read(work, category, cancel))
            yield return redaction?.Of(row) ?? row;
    }

    public override IEnumerable<SeedRows> Seed(Cast cast) => ForumSeed.Rows(cast, Key);

    /// <summary>What members may be called in a text, the longest first.</summary>
    private static Task<List<string>> Names(TaskWork work, string accounts, CancellationToken cancel) => Sql.List(work.Connection, $"""
        select distinct n, length(n) from ({accounts}) a, unnest(array[user_name, name, email, split_part(name, ' ', 1)]) n
        where length(n) > 2 order by length(n) desc, n
        """, row => row.GetString(0), cancel, ("refs", work.Refs));
}
