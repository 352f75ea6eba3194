using System.Text.RegularExpressions;
using DsrService.Demo.Stores;

namespace DsrService.Demo.Toontrack;

/// <summary>Takes members out of the texts that stay: their posts lose the author, and every text of the threads and
/// mailboxes they wrote to loses their names.</summary>
internal static class ForgetNames
{
    private const string Gone = "[former member]";

    public static async Task<int> InThreads(TaskWork work, IReadOnlyList<string> names, CancellationToken cancel)
    {
        var post = $"{work.Store.Schema}.post";
        if (names.Count > 0)
            await work.Run($"""
                update {post} set body = regexp_replace(body, @pattern, @gone, 'gi')
                where thread in (select thread from {post} where ref = any(@refs))
                """, cancel, ("gone", Gone), ("pattern", Pattern(names)));
        return await work.Run($"update {post} set ref = null, author = @gone, statement = null where ref = any(@refs)", cancel, ("gone", Gone));
    }

    public static Task<int> InMailboxes(TaskWork work, IReadOnlyList<string> names, CancellationToken cancel) => work.Run($"""
        update {work.Store.Schema}.message set correspondent_ref = null, correspondent = @gone,
            body = {(names.Count > 0 ? "regexp_replace(body, @pattern, @gone, 'gi')" : "body")}
        where correspondent_ref = any(@refs)
        """, cancel, ("gone", Gone), ("pattern", Pattern(names)));

    private static string Pattern(IReadOnlyList<string> names) =>
        $"(?<![[:alnum:]])({string.Join('|', names.Select(Escape))})(?![[:alnum:]])";

    private static string Escape(string name) => Regex.Replace(name, @"[^\p{L}\p{N}\s]", match => $@"\{match.Value}");
}
