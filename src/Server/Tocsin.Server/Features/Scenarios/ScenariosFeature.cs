using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Scenarios;

/// <summary>Alerts prepared in advance: written in calm, raised in two taps.</summary>
internal static class ScenariosFeature
{
    public const Roles Readers = Roles.CrisisDirector | Roles.CrisisMember | Roles.Communicator | Roles.Administrator | Roles.Auditor;
    public const Roles Writers = Roles.CrisisDirector | Roles.Communicator | Roles.Administrator;

    public static void AddScenarios(this IServiceCollection services) => services.AddHostedService<ScenarioLibrarySeed>();

    public static void MapScenarios(this IEndpointRouteBuilder endpoints)
    {
        var scenarios = endpoints.MapGroup("/api/v1/scenarios").WithTags("scenarios");
        scenarios.MapGet("/", ScenarioReading.ListAsync).RequireRole(Readers).WithName("listScenarios");
        scenarios.MapGet("/{id}", ScenarioReading.GetAsync).RequireRole(Readers).WithName("getScenario");
        scenarios.MapPost("/", ScenarioWriting.CreateAsync).RequireRole(Writers).WithIdempotency().Accepts<NewScenario>("application/json").WithName("createScenario");
        scenarios.MapPut("/{id}", ScenarioWriting.ChangeAsync).RequireRole(Writers).Accepts<ScenarioChange>("application/json").WithName("changeScenario");
        scenarios.MapPost("/{id}/enable", ScenarioWriting.EnableAsync).RequireRole(Writers).WithIdempotency().WithName("enableScenario");
        scenarios.MapPost("/{id}/disable", ScenarioWriting.DisableAsync).RequireRole(Writers).WithIdempotency().WithName("disableScenario");
        scenarios.MapPost("/{id}/duplicate", ScenarioWriting.DuplicateAsync).RequireRole(Writers).WithIdempotency().WithName("duplicateScenario");

        // Alerts point at the scenario that they were raised from, so it is put aside, never destroyed; enabling it takes the deletion back.
        scenarios.MapDelete("/{id}", ScenarioWriting.DisableAsync).RequireRole(Writers).WithName("deleteScenario");
    }
}

internal static class ScenarioRefusals
{
    public static readonly Refusal Changed = new("scenario-changed", 409, "Somebody changed this scenario since you opened it: look at it again.");
    public static readonly Refusal KeyTaken = new("scenario-key-taken", 409, "Another scenario has this key.");
    public static readonly Refusal TooMany = new("scenarios-too-many", 409, "There are as many scenarios as there can be: change one that is put aside.");
}
