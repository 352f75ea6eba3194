using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Fulfilment;

namespace DsrService.Demo.EMastered;

/// <summary>Recordings as they were uploaded, and what was derived from them. The recordings are the person's to take away;
/// what we made of them is for the person to see.</summary>
internal static class UploadsStore
{
    private const int Megabyte = 1024 * 1024;
    private const int Piece = 16 * 1024;

    public static DemoStore At(StorePlace place) => new(place, EMasteredCompany.Uploads)
    {
        Binding = Binding.Http,
        Categories =
        [
            new("audio-analysis", "analysis", "analysed_at timestamptz not null, loudness numeric(6,2) not null, tempo int not null, genre text not null")
            {
                Provided = false,
                Rows = (person, cast) => Enumerable.Range(1, Count(person)).Select(place => (object?[])
                [
                    cast.Now.AddDays(-person.Number % 300 - place).AddMinutes(4), -14.2m + person.Number % 50 / 10m, 80 + person.Number % 90,
                    person.Number % 2 == 0 ? "electronic" : "rock",
                ]),
            },
            new("audio-files", "file", "ending text not null, content_type text not null, content bytea not null, times int not null")
            {
                Internal = ["content", "times"],
                Files = new("ending", "content_type", "content", "times"),
                Rows = (person, _) => Enumerable.Range(1, Count(person)).Select(place => (object?[])
                    ["wav", "audio/wav", Sound.Of(person.Number + place, Piece), Megabytes(person) * (Megabyte / Piece)]),
            },
            new("recordings", "recording", "uploaded_at timestamptz not null, account_number text not null, title text not null, megabytes int not null")
            {
                FoundBy = [KnownBy.The("account-number", "account_number")],
                Rectifiable = new Dictionary<string, string> { ["recording-title"] = "title" },
                Use = new("may_be_mastered", "ref, title"),
                Rows = (person, cast) => Enumerable.Range(1, Count(person)).Select(place => (object?[])
                [
                    cast.Now.AddDays(-person.Number % 300 - place), person.Id("account-number"), $"{person.Name.Split(' ')[0]}, take {place}",
                    Megabytes(person),
                ]),
            },
        ],
    };

    private static int Count(SyntheticPerson person) => 1 + person.Number % 2;

    private static int Megabytes(SyntheticPerson person) => person.Note.StartsWith("Sent up", StringComparison.Ordinal) ? 300 : 1 + person.Number % 3;
}
