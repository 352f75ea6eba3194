using DsrService.Demo.People;
using DsrService.Demo.Stores;
using DsrService.Fulfilment;

namespace DsrService.Demo.SourceElements;

/// <summary>The payment provider's record. It redacts in two phases, a job that is validated and then run; what tax law wants
/// stays for ten years from the end of the year, without name and address.</summary>
internal sealed class TransactionsStore : DemoStore
{
    private const string LastDay = "make_date(extract(year from paid_on)::int + 10, 12, 31)";

    public TransactionsStore(StorePlace place)
        : base(place, SourceElementsCompany.Transactions)
    {
        Binding = Binding.Http;
        Categories =
        [
            new("payments", "payment", """
                paid_on date not null, payment_id text not null unique, stripe_customer text not null, product text not null, amount numeric(12,2) not null,
                tax numeric(12,2) not null, currency text not null, billing_name text, billing_email text
                """)
            {
                FoundBy = [KnownBy.The("stripe-customer", "stripe_customer"), KnownBy.Email("billing_email")],
                Retention = new(LastDay, "Tax: records of sales in the one-stop shop are kept for ten years from the end of the year.",
                    "Art. 17(3)(b) GDPR; Directive 2006/112/EC, Article 369(2)")
                {
                    CutDown = "billing_name = null, billing_email = null",
                },
                Rows = Payments,
            },
        ];
    }

    public override string MoreTables => $"""
        create table if not exists {Schema}.redaction_job (
            task_id uuid primary key, payments int not null, validated_at timestamptz not null, ran_at timestamptz);
        """;

    public override async Task Erasing(TaskWork work, Func<Task> erase, CancellationToken cancel)
    {
        await work.Run($"""
            insert into {Schema}.redaction_job select @task, count(*), @now, null from {Schema}.payment where ref = any(@refs) on conflict do nothing
            """, cancel, ("task", work.Task.TaskId), ("now", Clock.GetUtcNow()));
        await erase();
        await work.Run($"update {Schema}.redaction_job set ran_at = @now where task_id = @task", cancel,
            ("task", work.Task.TaskId), ("now", Clock.GetUtcNow()));
    }

    private static IEnumerable<object?[]> Payments(SyntheticPerson person, Cast cast)
    {
        var onlyOld = person.Note.StartsWith("All payments", StringComparison.Ordinal);
        int[] yearsAgo = onlyOld ? [12, 14] : [.. Enumerable.Range(0, 2 + person.Number % 2).Select(place => (place * 4 + person.Number) % 14)];
        return yearsAgo.Select((years, place) => (object?[])
        [
            new DateOnly(cast.Today.Year - years, 1, 1).AddDays((person.Number * 11 + place * 31) % (years == 0 ? cast.Today.DayOfYear : 360)),
            $"pi_{person.Number:d4}{place:d2}", person.Id("stripe-customer"), place == 0 ? "Source-Connect Standard" : "Annual support",
            95m + person.Number % 7 * 100, 19m + person.Number % 7 * 20, "EUR", person.Name, person.Email,
        ]);
    }
}
