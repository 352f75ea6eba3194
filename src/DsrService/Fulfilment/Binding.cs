namespace DsrService.Fulfilment;

/// <summary>How a system is reached.</summary>
internal enum Binding
{
    Bus,
    Http,
    Pull,
    Sql,
    Manual,
    Opendsr,
}
