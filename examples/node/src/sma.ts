/** A client of SMA's sandbox. It knows nothing of an emulator: SMA's addresses are built in. */
const TOKEN = "https://sandbox-auth.smaapis.de/oauth2/token";
const API = "https://sandbox.smaapis.de/monitoring/v1";

const sleep = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

export class Sma {
  private token?: string;

  constructor(
    private readonly id: string,
    private readonly secret: string,
    private readonly wait: (seconds: number) => Promise<void> = sleep,
  ) {}

  async plants(): Promise<string[]> {
    const { plants } = (await this.get("/plants")) as { plants: { plantId: string }[] };
    return plants.map((plant) => plant.plantId);
  }

  /** Energy of a day [Wh], as the rows have it. */
  async generated(plant: string, date: string): Promise<number> {
    const path = `/plants/${plant}/measurements/sets/EnergyBalance/Day?Date=${date}&ReturnEnergyValues=true`;
    const { set } = (await this.get(path)) as { set: { pvGeneration?: number }[] };
    return set.reduce((sum, row) => sum + (row.pvGeneration ?? 0), 0);
  }

  private async get(path: string): Promise<unknown> {
    for (let attempt = 0; attempt < 4; attempt++) {
      this.token ??= await this.login();
      const answer = await fetch(API + path, { headers: { Authorization: `Bearer ${this.token}` } });
      if (answer.ok) return answer.json();
      await answer.arrayBuffer();
      if (answer.status === 401) this.token = undefined;
      else if (answer.status === 429) await this.wait(Number(answer.headers.get("Retry-After") ?? 300));
      else throw new Error(`SMA answered ${answer.status} to ${path}`);
    }
    throw new Error(`SMA refused ${path} again and again`);
  }

  private async login(): Promise<string> {
    const form = { grant_type: "client_credentials", client_id: this.id, client_secret: this.secret };
    const answer = await fetch(TOKEN, { method: "POST", body: new URLSearchParams(form) });
    if (!answer.ok) throw new Error(`no token: ${answer.status}`);
    return ((await answer.json()) as { access_token: string }).access_token;
  }
}
