package example;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test a world of its own, and prints its report where the test fails. */
final class Worlds implements ParameterResolver, AfterEachCallback {
    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(Worlds.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == World.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        try {
            var world = new World();
            test.getStore(HERE).put("world", world);
            return world;
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }

    @Override
    public void afterEach(ExtensionContext test) throws Exception {
        try (var world = test.getStore(HERE).remove("world", World.class)) {
            if (world != null && test.getExecutionException().isPresent()) {
                System.err.println(world.report());
            }
        }
    }
}
