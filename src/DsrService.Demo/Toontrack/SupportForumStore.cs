using System.Runtime.CompilerServices;
using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Sdk;

namespace DsrService.Demo.Toontrack;

/// <summary>Members, their posts in threads where others reply, and a mailbox for each. On erasure the threads stay
/// readable: posts lose their author, and what others wrote loses the name.</summary>
internal sealed class SupportForumStore : DemoStore
{
    private const string Posts = "forum-posts";
    private const string Messages = "private-messages";

    public SupportForumStore(StorePlace place)
        : base(place, ToontrackSystems.SupportForum) => Categories =
        [
            new(Posts, "post", "posted_at timestamptz not null, thread text not null, author text, body text not null")
            {
                Internal = ["author"],
                Indexed = ["thread"],
                Use = new("may_be_searched", "id, thread, author, body"),
            },
            new(Messages, "message", """
                sent_at timestamptz not null, direction text not null, correspondent text, body text not null, correspondent_ref uuid
                """)
            {
                Internal = ["correspondent_ref"],
                Indexed = ["correspondent_ref"],
                // The copy in the other member's mailbox is that member's; it only has to lose the name.
                Concerns = "(ref = any(@refs) or correspondent_ref = any(@refs))",
            },
            new("forum-account", "account", "user_name text not null unique, name text not null, email text not null, joined_on date not null")
            {
                FoundBy = [KnownBy.Email()],
                Gives = [new("user-name", "user_name")],
                Rectifiable = new Dictionary<string, string> { ["name"] = "name", ["email"] = "email" },
            },
        ];

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
