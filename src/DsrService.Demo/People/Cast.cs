using System.Security.Cryptography;
using System.Text;

namespace DsrService.Demo.People;

/// <summary>All people of one controller and the moment from which their past is told.</summary>
internal sealed record Cast(IReadOnlyList<SyntheticPerson> People, DateTimeOffset Now, int ManyRows)
{
    public DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    /// <summary>Those with rows of their own in a system.</summary>
    public IEnumerable<SyntheticPerson> In(string system) =>
        People.Where(person => person.Has(system) && person.Account == person.Number);

    /// <summary>The same for the same person and system every time, and says nothing about either.</summary>
    public static Guid Ref(string system, int number) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{system}/{number}")).AsSpan(0, 16));
}
