using System.Text.RegularExpressions;
using DsrService.Demo.Stores;
using DsrService.Notices;
using Npgsql;

namespace DsrService.Demo.Surface;

/// <summary>Catches the service's mails in place of a mail server.</summary>
internal sealed partial class DemoMail(NpgsqlDataSource database, TimeProvider clock) : IMailTransport
{
    private const int Most = 500;

    public bool Ready => true;

    public async Task<MailResult> SendAsync(NoticeContent mail, string messageId, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await Sql.Run(connection, """
            insert into demo.mail (message_id, recipient, subject, body, html, caught_at)
            values (@id, @to, @subject, @text, @html, @now) on conflict (message_id) do nothing
            """, cancel, ("id", messageId), ("to", mail.To), ("subject", mail.Subject), ("text", mail.Text),
            ("html", (object?)mail.Html ?? DBNull.Value), ("now", clock.GetUtcNow()));
        return MailResult.Sent;
    }

    /// <summary>The newest first, of one address or of all.</summary>
    public async Task<IReadOnlyList<CaughtMail>> List(string? to, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await Sql.List(connection, $"""
            select id, recipient, subject, body, html, caught_at from demo.mail
            where @to = '' or lower(recipient) = lower(@to) order by id desc limit {Most}
            """, Read, cancel, ("to", to ?? ""));
    }

    public async Task<CaughtMail?> Find(long id, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return (await Sql.List(connection, "select id, recipient, subject, body, html, caught_at from demo.mail where id = @id",
            Read, cancel, ("id", id))).SingleOrDefault();
    }

    private static CaughtMail Read(NpgsqlDataReader row)
    {
        var text = row.GetString(3);
        var html = row.IsDBNull(4) ? null : row.GetString(4);
        var links = Address().Matches(text).Select(match => match.Value.TrimEnd('.', ',', ';', ')'))
            .Concat(Reference().Matches(html ?? "").Select(match => System.Net.WebUtility.HtmlDecode(match.Groups[1].Value)));
        return new(row.GetInt64(0), row.GetString(1), row.GetString(2), text, html, [.. links.Distinct()], row.GetFieldValue<DateTimeOffset>(5));
    }

    [GeneratedRegex(@"https?://[^\s<>""]+")]
    private static partial Regex Address();

    [GeneratedRegex(@"href=""(https?://[^""]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Reference();
}

internal sealed record CaughtMail(long Id, string To, string Subject, string Text, string? Html, IReadOnlyList<string> Links, DateTimeOffset CaughtAt);
