namespace Tocsin.Server.Features.Import;

/// <summary>Import of people from files.</summary>
internal static class ImportFeature
{
    public static void AddImport(this IServiceCollection services)
    {
        services.AddSingleton<PeopleImports>();
        services.AddSingleton<ImportWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ImportWorker>());
    }
}
