import { test } from "vitest";
import { World } from "../src/world.js";
import { STORIES } from "./stories.js";

for (const [name, story] of Object.entries(STORIES)) {
  test.concurrent(name, () => World.with(story));
}
