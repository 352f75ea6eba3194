using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Fulfilment;
using DsrService.Sdk;

namespace DsrService.Demo.DjMixerSoft;

/// <summary>Documents and files of members. Nobody reads them without the administrator of the account: asked first, or told
/// at once, as <see cref="DemoOptions.ContentReading"/> says.</summary>
internal sealed class ContentStore : DemoStore
{
    private readonly ContentReading reading;
    private readonly Uri root;

    public ContentStore(StorePlace place)
        : base(place, DjMixerSoftCompany.Content)
    {
        (reading, root) = (place.Options.ContentReading, place.Options.PublicAddress);
        Binding = Binding.Http;
        Categories =
        [
            new("content-files", "file", "account_number text not null, ending text not null, content_type text not null, content bytea not null, times int not null")
            {
                FoundBy = [KnownBy.The("account-number", "account_number")],
                Internal = ["content", "times"],
                Files = new("ending", "content_type", "content", "times"),
                Rows = Files,
            },
            new("documents", "document", """
                saved_at timestamptz not null, account_number text not null, administrator text not null, title text not null, body text not null
                """)
            {
                FoundBy = [KnownBy.The("account-number", "account_number")],
                Internal = ["administrator"],
                Rectifiable = new Dictionary<string, string> { ["document-title"] = "title" },
                Use = new("may_be_opened", "ref, title"),
                Rows = (person, cast) => Enumerable.Range(1, 1 + person.Number % 3).Select(place => (object?[])
                [
                    cast.Now.AddDays(-person.Number % 400 - place), person.Id("account-number"), Administrator(person, cast), $"Set list {place}",
                    $"Opening by {person.Name}, then track {person.Number} to {person.Number + place}.",
                ]),
            },
        ];
    }

    public override string MoreTables => ContentApprovals.Tables(Schema);

    public Uri ApprovalPage(string token) => new(root, $"/demo/approvals/{token}");

    public override async Task BeforeReading(TaskWork work, ReceiptDraft draft, CancellationToken cancel)
    {
        if (work.Task.Preview || !work.Acted.Any())
            return;
        foreach (var administrator in await Sql.List(work.Connection,
            $"select distinct administrator from {Schema}.document where ref = any(@refs)", row => row.GetString(0), cancel, ("refs", work.Refs)))
            if (reading is ContentReading.ToldAfterwards)
            {
                await ContentApprovals.Tell(work, administrator, cancel);
                draft.Remark("The administrator of the account was told at once that its content was read.");
            }
            else if (await ContentApprovals.Given(work, administrator, cancel))
            {
                draft.Remark("The administrator of the account approved beforehand that its content was read.");
            }
            else
            {
                await ContentApprovals.Ask(this, work.Task.TaskId, administrator, cancel);
                throw new TaskFailedException("content.awaiting_approval",
                    "The administrator of the account has been asked to approve that its content is read.", TimeSpan.FromMinutes(10));
            }
    }

    // Several megabytes each: sixteen kilobytes, hundreds of times.
    private static IEnumerable<object?[]> Files(SyntheticPerson person, Cast cast) => Enumerable.Range(1, 1 + person.Number % 2).Select(place => (object?[])
    [
        person.Id("account-number"), place == 1 ? "wav" : "mp3", place == 1 ? "audio/wav" : "audio/mpeg", Sound.Of(person.Number + place, 16 * 1024),
        128 + person.Number % 3 * 64,
    ]);

    // Who was invited is under somebody of the crowd.
    private static string Administrator(SyntheticPerson person, Cast cast) => person.Number % 4 != 0 ? person.Email
        : cast.People.Where(other => other.IsOfTheCrowd && other.Number % 4 != 0 && other != person).ElementAt(person.Number % 40).Email;
}
