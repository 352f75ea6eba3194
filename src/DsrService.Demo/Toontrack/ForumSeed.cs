using DsrService.Demo.People;
using DsrService.Demo.Stores;

namespace DsrService.Demo.Toontrack;

/// <summary>A forum where everybody has opened a thread and written to somebody; those who answer are of the crowd, so that
/// what becomes of one of the others touches no third person of them.</summary>
internal static class ForumSeed
{
    private static readonly string[] Questions =
    [
        "the snare sounds thin in my mix, what did you do about it?", "the installer stops at nine of ten, any idea?",
        "which library do you use for jazz brushes?", "my computer was replaced, how do I authorise the new one?",
    ];

    public static IEnumerable<SeedRows> Rows(Cast cast, string system)
    {
        SyntheticPerson[] members = [.. cast.In(system)];
        SyntheticPerson[] crowd = [.. members.Where(member => member.IsOfTheCrowd)];
        SyntheticPerson Answering(SyntheticPerson member, int place) =>
            crowd.Where(other => other != member).ElementAt((member.Number + place) % (crowd.Length - 1));
        yield return new("account", "ref, user_name, name, email, joined_on", members.Select(member => (object?[])
        [
            Cast.Ref(system, member.Number), member.Id("user-name"), member.Name, member.Email, cast.Today.AddDays(-member.Number * 19 % 2000),
        ]));
        yield return new("post", "ref, thread, posted_at, author, body", members.SelectMany(member =>
            Posts(cast, member, Answering(member, 1), Answering(member, 2))
                .Select(post => (object?[])[Cast.Ref(system, post.By.Number), post.Thread, post.At, post.By.Id("user-name"), post.Body])));
        yield return new("message", "ref, correspondent_ref, correspondent, direction, sent_at, body", members.SelectMany(member =>
            Messages(cast, system, member, Answering(member, 3))));
    }

    private static IEnumerable<(SyntheticPerson By, string Thread, DateTimeOffset At, string Body)> Posts(
        Cast cast, SyntheticPerson opener, SyntheticPerson replier, SyntheticPerson third)
    {
        var thread = $"thread-{opener.Number:d4}";
        var at = cast.Now.AddDays(-opener.Number % 300 - 1);
        var question = Questions[opener.Number % Questions.Length];
        var signature = opener.Name.Split(' ')[0];
        yield return (opener, thread, at, $"Hello, {question}\n/{signature}");
        yield return (replier, thread, at.AddHours(2),
            $"> {opener.Id("user-name")}: {question}\nHi {signature}, I had that too; write to {replier.Email} or ring {replier.Phone}.\n/{replier.Name}");
        yield return (third, thread, at.AddHours(3), $"@{opener.Id("user-name")} {replier.Name} is right, it worked for me.");
        yield return (opener, thread, at.AddHours(4),
            $"> {replier.Id("user-name")}: write to {replier.Email}\nThanks {replier.Name.Split(' ')[0]}, that was it. {opener.Email}");
        if (opener.HasMany)
            for (var place = 0; place < cast.ManyRows / 20; place++)
                yield return (opener, thread, at.AddHours(5).AddSeconds(place), $"Note {place} to myself: bar {place * 4}.");
    }

    private static IEnumerable<object?[]> Messages(Cast cast, string system, SyntheticPerson from, SyntheticPerson to)
    {
        var at = cast.Now.AddDays(-from.Number % 200 - 2);
        (SyntheticPerson By, string Body)[] talk =
        [
            (from, $"Hi {to.Name}, could you send me your preset? My address is {from.Email}."),
            (to, $"Sure {from.Name}, ring me at {to.Phone} tonight, my doctor keeps me at home anyway.\n/{to.Name}"),
        ];
        foreach (var (by, body) in talk)
        {
            at = at.AddMinutes(40);
            foreach (var owner in (SyntheticPerson[])[from, to])
            {
                var other = owner == from ? to : from;
                yield return
                [
                    Cast.Ref(system, owner.Number), Cast.Ref(system, other.Number), other.Id("user-name"), by == owner ? "sent" : "received", at, body,
                ];
            }
        }
    }
}
